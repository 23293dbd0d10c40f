// Where the bridge's program lies when the bridge has not said so itself.

const SERVE_ARGUMENTS = ["serve", "--port", "0"];
const PYTHONS = ["3.11", "3.12", "3.13", "3.14", "3.15"];

/** Returns the places where pip, pipx and uv put a program of this name for a user, on any platform. */
function usualPrograms(home, name) {
   const windows = PYTHONS.map((version) => "Python" + version.replace(".", "")).flatMap((python) => [
      home + "/AppData/Local/Programs/Python/" + python + "/Scripts/" + name + ".exe",
      home + "/AppData/Roaming/Python/" + python + "/Scripts/" + name + ".exe"
   ]);
   const mac = PYTHONS.flatMap((version) => [
      home + "/Library/Python/" + version + "/bin/" + name,
      "/Library/Frameworks/Python.framework/Versions/" + version + "/bin/" + name
   ]);
   const common = ["/.local/bin/", "/AppData/Local/uv/bin/"].flatMap((folder) => [home + folder + name, home + folder + name + ".exe"]);
   return common.concat(windows, mac, ["/opt/homebrew/bin/" + name, "/usr/local/bin/" + name, "/usr/bin/" + name]);
}

const LONGEST_LINE = 200;

/** Returns the last lines of a log as one text, long ones cut; "" where there are none. */
function lastLines(text, count) {
   return (text || "").split("\n").map((line) => line.trim().slice(0, LONGEST_LINE)).filter((line) => line !== "")
      .slice(-count).join(" | ");
}
