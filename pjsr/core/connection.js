// Finding the bridge, or starting it.

const START_SECONDS = 45;

const NEVER_STARTED = "The bridge was not found on this computer: install it (\"pip install .\" in its folder), run "
   + "\"flatbridge install-script\" once in a terminal, then try again.";

const SHOW_IT = "The bridge was not found on this computer. If it is installed, the script can start it: show where the "
   + "program \"flatbridge\" is?";

/** Returns the folder by which script and bridge find each other. */
function stateFolder(environment, home) {
   return (environment || home + "/.flatbridge").replace(/\/+$/, "");
}

class Connection {
   /**
    * `ports`: `http.send`, `files.readText`, `.packageFile` (beside the script; "" if none), `processes.startDetached`,
    * `.found(folder)` (programs in the usual places), `.choose` (by the user; "" if not), those of `makeEnvironment`,
    * `clock`, `ui`; `folder`: the state folder.
    */
   constructor(ports, folder) {
      this.ports = ports;
      this.folder = folder;
      this.environment = folder + "/python";
   }

   /** Returns `{url, token}` of a bridge that answers; starts one if need be. */
   open() {
      this.ports.ui.stage("Looking for the bridge", 0);
      return this.running() || this.started();
   }

   /** Returns `{url, token}` of the bridge that is running, null if there is none. */
   running() {
      const text = this.ports.files.readText(this.folder + "/server.json");
      const server = text === null ? null : readServerFile(text);
      if (server === null)
         return null;
      const health = readHealth(this.ports.http.send({
         method: "GET", url: server.url + "/v1/health", headers: ["Expect:"], timeout: 3000
      }));
      if (health === "ours")
         return server;
      if (health !== "silent")
         throw new Problem(health, "wrong-version");
      return null;
   }

   started() {
      const { files, clock, ui } = this.ports;
      this.launch();
      const deadline = clock.now() + 1000 * START_SECONDS;
      for (;;) {
         const left = Math.ceil((deadline - clock.now()) / 1000);
         if (left <= 0)
            throw new Problem("The bridge was started but does not answer after " + START_SECONDS
               + " seconds: run \"flatbridge doctor\" in a terminal."
               + this.logEnd(), "not-started");
         ui.stage("Starting the bridge, up to " + left + " s", 1 - left / START_SECONDS);
         clock.sleep(250);
         const server = this.running();
         if (server !== null)
            return server;
      }
   }

   /**
    * Starts the bridge's program: as it said itself, else from a usual place, else from an environment made for it, else
    * from where the user says it is.
    */
   launch() {
      const { files, processes, ui } = this.ports;
      const text = files.readText(this.folder + "/launch.json");
      const told = text === null ? null : readLaunchFile(text);
      let failure = null;
      const begun = (program, args) => {
         try {
            processes.startDetached(program, args);
            return true;
         } catch (thrown) {
            failure = failure || new Problem("The bridge could not be started with " + program + " (" + thrownText(thrown)
               + "): run \"flatbridge doctor\" in a terminal.", "not-started");
            return false;
         }
      };
      if (told !== null && begun(told.python, told.args))
         return;
      if (processes.found(this.environment).some((program) => begun(program, SERVE_ARGUMENTS)))
         return;
      const file = files.packageFile();
      if (file !== "" && ui.confirm(installQuestion(this.environment))
         && begun(makeEnvironment(this.ports, this.environment, file), SERVE_ARGUMENTS))
         return;
      const shown = processes.choose(SHOW_IT);
      if (shown === "" || !begun(shown, SERVE_ARGUMENTS))
         throw failure || new Problem(NEVER_STARTED, "never-started");
   }

   /** How the bridge's log ends, as a sentence; "" where there is none. */
   logEnd() {
      const lines = lastLines(this.ports.files.readText(this.folder + "/logs/bridge.log"), 3);
      return lines === "" ? "" : " Its log ends: " + lines;
   }
}
