// A Python environment of the script's own, made with the user's consent from the package file beside the script.

const OLD_ENOUGH = "import sys; sys.exit(sys.version_info < (3, 11))";

const NO_PYTHON = "No Python 3.11 or newer was found on this computer: install it from python.org, then try again.";

/** Returns where a program of an environment may lie, on any platform. */
function environmentPrograms(folder, name) {
   return [folder + "/bin/" + name, folder + "/Scripts/" + name + ".exe"];
}

/** Returns where Python may lie for a user, on any platform. */
function usualPythons(home) {
   const windows = PYTHONS.map((version) => "Python" + version.replace(".", "") + "/python.exe").flatMap((path) =>
      [home + "/AppData/Local/Programs/Python/" + path, "C:/Program Files/" + path]);
   return usualPrograms(home, "python3").filter((path) => !path.endsWith(".exe")).concat(windows);
}

function installQuestion(folder) {
   return "The bridge was not found on this computer. Shall the script install it, into " + folder + " alone? That takes a "
      + "minute, a Python of this computer (3.11 or newer) and the internet: what the bridge needs comes from the Python "
      + "Package Index.";
}

/**
 * Makes the environment `folder` and installs `file` into it; returns the bridge's program.
 *
 * `processes`: `pythons()`, `run(program, args)` returning `{code, output}`, `existing(paths)`.
 */
function makeEnvironment({ processes, ui }, folder, file) {
   const step = (text, program, args) => {
      ui.stage(text, 0);
      const { code, output } = processes.run(program, args);
      if (code !== 0)
         throw new Problem(text + " failed: " + (lastLines(output, 2) || "it ended with " + code) + ".", "not-started");
   };
   ui.stage("Looking for Python", 0);
   const python = processes.pythons().find((path) => processes.run(path, ["-c", OLD_ENOUGH]).code === 0);
   if (python === undefined)
      throw new Problem(NO_PYTHON, "not-started");
   step("Making a private Python environment", python, ["-m", "venv", "--clear", folder]);
   const [own = ""] = processes.existing(environmentPrograms(folder, "python"));
   step("Installing the bridge", own, ["-m", "pip", "install", "--disable-pip-version-check", file]);
   const [bridge] = processes.existing(environmentPrograms(folder, "flatbridge"));
   if (bridge === undefined)
      throw new Problem(file + " was installed but holds no bridge.", "not-started");
   return bridge;
}
