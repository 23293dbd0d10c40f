// Answering message boxes and file dialogs.

/** Adds messageBox, answer, fileDialog, chooseFiles and cancelFiles to ui. */
export function systemActions( host, ui )
{
   const { desk } = host;
   // System windows are plain records; a script's dialog knows no member 'kind'.
   const isSystem = top => top !== undefined && Object.getPrototypeOf( top ) === Object.prototype;
   const topOf = kind => isSystem( desk.top() ) && desk.top().kind == kind ? desk.top() : null;
   const fits = ( wanted, text ) => wanted === undefined || (wanted instanceof RegExp ? wanted.test( text ) : text.includes( wanted ));
   const settle = ( box, answer ) =>
   {
      const what = `answering '${box.caption}'`;
      ui.act( what, () => box.answer === undefined, () => { box.answer = answer; } );
      return ui.until( () => !desk.windows.includes( box ), { what } );
   };

   return {
      messageBox( text, { seconds = 10 } = {} )
      {
         const current = () => { const box = topOf( "message" ); return box && fits( text, box.text ) ? box : null; };
         return ui.until( () => current() !== null, { what: `a message box '${text ?? "any"}'`, seconds, value: current } );
      },
      answer( button )
      {
         const box = topOf( "message" ) ?? host.complain( "no message box is shown" );
         if ( !box.buttons.includes( button ) )
            host.complain( `the message '${box.text}' has no button '${button}', only ${box.buttons.join( ", " )}` );
         return settle( box, button );
      },
      fileDialog( caption, { seconds = 10 } = {} )
      {
         const current = () => { const box = topOf( "file" ); return box && fits( caption, box.caption ) ? box : null; };
         return ui.until( () => current() !== null, { what: `a file dialog '${caption ?? "any"}'`, seconds, value: current } );
      },
      chooseFiles( paths )
      {
         const box = topOf( "file" ) ?? host.complain( "no file dialog is shown" );
         if ( paths.length > 1 && !box.multiple )
            host.complain( `the file dialog '${box.caption}' takes one file` );
         return settle( box, [ ...paths ] );
      },
      cancelFiles()
      {
         return settle( topOf( "file" ) ?? host.complain( "no file dialog is shown" ), [] );
      },
   };
}
