// Finding the bridge, or starting it.

const START_SECONDS = 45;

const NEVER_STARTED = "The bridge is not running and has never run on this computer: install it "
   + "(pip install flatbridge), run \"flatbridge serve\" once in a terminal, then try again.";

/** Returns the folder by which script and bridge find each other. */
function stateFolder(environment, home) {
   return (environment || home + "/.flatbridge").replace(/\/+$/, "");
}

class Connection {
   /**
    * `ports`: `http.send`, `files.readText`, `processes.startDetached`, `clock`, `ui`;
    * `folder`: the state folder.
    */
   constructor(ports, folder) {
      this.ports = ports;
      this.folder = folder;
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
      const { files, processes, clock, ui } = this.ports;
      const text = files.readText(this.folder + "/launch.json");
      const launch = text === null ? null : readLaunchFile(text);
      if (launch === null)
         throw new Problem(NEVER_STARTED, "never-started");
      try {
         processes.startDetached(launch.python, launch.args);
      } catch (thrown) {
         throw new Problem("The bridge could not be started with " + launch.python + " ("
            + thrownText(thrown) + "): run \"flatbridge doctor\" in a terminal.", "not-started");
      }
      const deadline = clock.now() + 1000 * START_SECONDS;
      for (;;) {
         const left = Math.ceil((deadline - clock.now()) / 1000);
         if (left <= 0)
            throw new Problem("The bridge was started but does not answer after " + START_SECONDS
               + " seconds: run \"flatbridge doctor\" in a terminal.", "not-started");
         ui.stage("Starting the bridge, up to " + left + " s", 1 - left / START_SECONDS);
         clock.sleep(250);
         const server = this.running();
         if (server !== null)
            return server;
      }
   }
}
