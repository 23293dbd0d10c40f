// What survives: options in the settings, a correction in a process icon.

const SETTINGS_KEY = "FlatBridge/options";

const Store = {
   loadOptions() {
      const text = Settings.read(SETTINGS_KEY, DataType.String);
      return Settings.lastReadOK ? parsedJson(text) : {};
   },

   saveOptions(options) {
      Settings.write(SETTINGS_KEY, DataType.String, asciiJson(options));
   },

   /** The contents of the process icon the script was started from. */
   loadIcon() {
      const text = (key) => Parameters.has(key) ? Parameters.getString(key) : "";
      const options = {};
      for (const { key } of PARAMETERS)
         if (Parameters.has(key))
            options[key] = text(key);
      return { options, source: text("source"), factor: text("factor"), job: text("job") };
   },

   saveIcon({ options, ...rest }) {
      Parameters.clear();
      for (const [key, value] of Object.entries({ ...options, ...rest }))
         Parameters.set(key, String(value));
   }
};
