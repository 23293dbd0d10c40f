// Where progress shows and a cancel comes from: the dialog, or the console where there is none.

const PUMP_MS = 20;

/** What both have in common: sentences on the console, events pumped now and then. */
class Progress {
   constructor() {
      this.pumped = 0;
   }

   say(text) {
      console.writeln("FlatBridge: " + plainForConsole(text));
   }

   warn(text) {
      console.warningln("FlatBridge: " + plainForConsole(text));
   }

   /** Asks a question; true if the answer is yes. */
   confirm(text) {
      const box = new MessageBox(text, "FlatBridge", StdIcon.Question, StdButton.Yes, StdButton.No);
      return box.execute() === StdButton.Yes;
   }

   /** Lets PixInsight handle its events; may be called as often as one likes. */
   pump() {
      if (Date.now() - this.pumped >= PUMP_MS)
         this.pumpNow();
   }

   pumpNow() {
      CoreApplication.processEvents();
      this.pumped = Date.now();
   }
}

/** The console: for a process icon dropped on a view. */
class ConsoleProgress extends Progress {
   constructor() {
      super();
      this.shown = "";
      this.abortWasEnabled = console.abortEnabled;
      console.show();
      console.abortEnabled = true;
   }

   stage(text) {
      if (text !== this.shown)
         this.say(text);
      this.shown = text;
      this.pumpNow();
   }

   cancelled() {
      return console.abortRequested;
   }

   end() {
      console.abortEnabled = this.abortWasEnabled;
   }
}

/** The dialog: stage, bar and elapsed time. */
class DialogProgress extends Progress {
   constructor(dialog) {
      super();
      this.dialog = dialog;
      this.started = Date.now();
      this.stopped = false;
      this.text = "";
      this.fraction = 0;
   }

   stage(text, fraction) {
      this.text = text;
      this.fraction = fraction;
      this.pumpNow();
   }

   cancel() {
      this.stopped = true;
   }

   cancelled() {
      return this.stopped;
   }

   pumpNow() {
      const elapsed = elapsedText(Date.now() - this.started);
      this.dialog.showProgress(this.stopped ? "Cancelling" : this.text, this.fraction, elapsed);
      super.pumpNow();
   }
}

/** Time, with events pumped and cancels noticed while waiting. */
class Clock {
   constructor(ui) {
      this.ui = ui;
   }

   now() {
      return Date.now();
   }

   sleep(ms) {
      const end = Date.now() + ms;
      do {
         this.ui.pump();
         if (this.ui.cancelled())
            throw new Cancelled;
         System.msleep(20);
      } while (Date.now() < end);
   }
}

/** Runs a program to its end, its output read so that it never waits; a cancel ends it. Returns `{code, output}`. */
function runProgram(ui, program, args) {
   const process = new ExternalProcess;
   const output = new ByteArray;
   try {
      process.start(program, args);
   } catch (thrown) {
      return { code: -1, output: thrownText(thrown) };
   }
   while (process.isStarting || process.isRunning) {
      ui.pump();
      output.add(process.stdout);
      if (ui.cancelled()) {
         process.kill();
         throw new Cancelled;
      }
      System.msleep(20);
   }
   output.add(process.stdout);
   return { code: process.exitCode, output: output.length > 0 ? output.utf8ToString() : "" };
}

/** Everything the workflow needs, with progress and cancel through `ui`. */
function workflowPorts(ui) {
   const ports = {
      ui, files: Files, images: Images, clock: new Clock(ui), http: new Network(ui),
      processes: {
         startDetached: (program, args) => ExternalProcess.startDetached(program, args),
         existing: (paths) => paths.filter((path) => File.exists(path)),
         found: (environment) => ports.processes.existing(environmentPrograms(environment, "flatbridge")
            .concat(usualPrograms(File.homeDirectory, "flatbridge"))),
         pythons: () => ports.processes.existing(usualPythons(File.homeDirectory)),
         run: (program, args) => runProgram(ui, program, args),
         choose: (question) => ui.confirm(question) ? Files.chooseProgram("flatbridge") : ""
      }
   };
   const connection = () => new Connection(ports, Files.stateFolder());
   ports.connect = () => new Client(ports, connection().open());
   ports.reach = () => {
      const server = connection().running();
      return server === null ? null : new Client(ports, server);
   };
   return ports;
}
