// SpinBox, Slider, NumericEdit, NumericControl.

import { announce, CHANGED, DATA, EXPANDS, SIZE, TEXT, USER, events, fire, properties, require } from "./widget.mjs";
import { lineHeight, textWidth } from "./style.mjs";

const clamp = ( value, low, high ) => Math.max( low, Math.min( high, value ) );

export function install( host, { Control, Label, Edit, HorizontalSizer } )
{
   /** SpinBox and Slider: an integer in a range. */
   class Ranged extends Control
   {
      setRange( low, high )
      {
         require( Number.isFinite( low ) && low <= high && Number.isFinite( high ),
            `${this.constructor.name}.setRange: low <= high is expected` );
         Object.assign( this[DATA].values, { minValue: low, maxValue: high } );
         announce( host, this, "onRangeUpdated", low, high );
         this.value = clamp( this.value, low, high );
      }
      get normalizedValue() { return (this.value - this.minValue)/(this.maxValue - this.minValue); }
      set normalizedValue( x ) { this.value = this.minValue + x*(this.maxValue - this.minValue); }

      [CHANGED]( name, value, old )
      {
         if ( name != "value" )
            return;
         const kept = clamp( Math.round( value ), this.minValue, this.maxValue );
         this[DATA].values.value = kept;
         if ( kept !== old )
            announce( host, this, "onValueUpdated", kept );
      }
      [USER.set]( value )
      {
         if ( value < this.minValue || value > this.maxValue )
            throw new Error( `${value} lies outside ${this.minValue}..${this.maxValue}` );
         this[DATA].values.value = Math.round( value );
         fire( host, this, "onValueUpdated", this.value );
      }
      get [EXPANDS]() { return { x: false, y: false }; }
   }
   properties( Ranged, { value: 0, minValue: 0, maxValue: 99, stepSize: 1 } );
   events( Ranged, [ "onRangeUpdated", "onValueUpdated" ] );

   class SpinBox extends Ranged
   {
      [TEXT]() { return this.value == this.minValue && this.minimumValueText || this.prefix + this.value + this.suffix; }
      [SIZE]() { return { width: textWidth( this.prefix + this.maxValue + this.suffix ) + 32, height: lineHeight() + 8 }; }
   }
   properties( SpinBox, { prefix: "", suffix: "", editable: true, wrapping: false, minimumValueText: "", alignment: 0,
      autoAdjustWidth: true } );

   class Slider extends Ranged
   {
      constructor( parent, vertical = false )
      {
         super( parent );
         this[DATA].vertical = vertical;
      }
      [SIZE]() { return this[DATA].vertical ? { width: 20, height: 80 } : { width: 80, height: 20 }; }
      get [EXPANDS]() { return { x: !this[DATA].vertical, y: this[DATA].vertical }; }
   }
   properties( Slider, { pageSize: 10, tickInterval: 0, tickStyle: 0, tracking: true } );

   class HorizontalSlider extends Slider
   {
      constructor( parent ) { super( parent, false ); }
   }
   class VerticalSlider extends Slider
   {
      constructor( parent ) { super( parent, true ); }
   }

   class NumericEdit extends Control
   {
      constructor( parent )
      {
         super( parent );
         const data = this[DATA];
         Object.assign( data, { label: new Label( this ), edit: new Edit( this ), low: 0, high: 1, value: 0, real: true, precision: 6 } );
         data.edit[USER.type] = text => this[USER.set]( Number( text ) );
         this.sizer = new HorizontalSizer;
         this.sizer.spacing = 4;
         this.sizer.add( data.label );
         this.sizer.add( data.edit );
         this.#show();
      }

      get label() { return this[DATA].label; }
      get edit() { return this[DATA].edit; }
      get value() { return this[DATA].value; }
      get lowerBound() { return this[DATA].low; }
      get upperBound() { return this[DATA].high; }
      get real() { return this[DATA].real; }
      set real( value ) { this.setReal( value ); }
      get precision() { return this[DATA].precision; }

      setReal( real )
      {
         require( typeof real == "boolean", "NumericEdit.setReal: a Boolean is expected" );
         this[DATA].real = real;
         this.setValue( this.value );
      }
      setRange( low, high )
      {
         require( low <= high, "NumericEdit.setRange: low <= high is expected" );
         Object.assign( this[DATA], { low, high } );
         this.setValue( this.value );
      }
      setPrecision( digits )
      {
         require( Number.isInteger( digits ) && digits >= 0, "NumericEdit.setPrecision: a number of digits is expected" );
         this[DATA].precision = digits;
         this.setValue( this.value );
      }
      setValue( value )
      {
         require( typeof value == "number" && !Number.isNaN( value ), `NumericEdit.setValue: a number is expected, not ${value}` );
         const old = this.value;
         this.#take( value );
         if ( this.value !== old )
            announce( host, this, "onValueUpdated", this.value );
      }
      enableFixedPrecision( on ) { this.fixed = on; }
      enableFixedSign( on ) { this.sign = on; }
      enableScientificNotation( on ) { this.scientific = on; }

      #take( value )
      {
         const data = this[DATA];
         data.value = clamp( data.real ? value : Math.round( value ), data.low, data.high );
         this.#show();
      }
      #show()
      {
         const data = this[DATA];
         data.edit[DATA].values.text = data.real ? data.value.toFixed( data.precision ) : String( data.value );
         const { slider } = data;
         if ( slider && data.high > data.low )
            slider[DATA].values.value = Math.round( slider.minValue
               + (data.value - data.low)/(data.high - data.low)*(slider.maxValue - slider.minValue) );
      }

      [TEXT]() { return this[DATA].edit.text; }
      get [EXPANDS]() { return { x: true, y: false }; }
      /** A person types a number, or moves the slider. */
      [USER.set]( value )
      {
         const { low, high, real, precision } = this[DATA];
         if ( value < low || value > high )
            throw new Error( `${value} lies outside ${low}..${high}` );
         this.#take( real ? Number( value.toFixed( precision ) ) : value );
         fire( host, this, "onValueUpdated", this.value );
      }
   }
   properties( NumericEdit, { fixed: false, sign: false, scientific: false, autoEditWidth: true } );
   events( NumericEdit, [ "onValueUpdated" ] );

   class NumericControl extends NumericEdit
   {
      constructor( parent )
      {
         super( parent );
         const data = this[DATA];
         data.slider = new HorizontalSlider( this );
         data.slider.setRange( 0, 1000 );
         data.slider[USER.set] = position =>
         {
            const { minValue, maxValue } = data.slider;
            this[USER.set]( data.low + (position - minValue)/(maxValue - minValue)*(data.high - data.low) );
         };
         this.sizer.add( data.slider, 100 );
      }
      get slider() { return this[DATA].slider; }
   }
   properties( NumericControl, { exponential: false } );

   return { SpinBox, Slider, HorizontalSlider, VerticalSlider, NumericEdit, NumericControl };
}
