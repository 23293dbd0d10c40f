// One HTTP exchange. Events are pumped while it lasts; a cancel ends it.

class Network {
   constructor(ui) {
      this.ui = ui;
   }

   /**
    * Returns `{status, text, error}`; status 0 = no complete answer. With `file`, a good answer's
    * body goes there. `timeout` limits, in ms, the time in which nothing moves.
    */
   send({ method, url, headers, body = "", file = "", timeout = 60000, uncancellable = false }) {
      const stopped = () => !uncancellable && this.ui.cancelled();
      if (stopped())
         throw new Cancelled;
      const transfer = new NetworkTransfer;
      const received = new ByteArray;
      const output = file ? File.createFileForWriting(file) : null;
      let moved = -1;
      let deadline = 0;
      transfer.setURL(url);
      transfer.setCustomHTTPHeaders(headers);
      transfer.setConnectionTimeout(Math.max(1, Math.min(10, timeout / 1000)));
      let failure = null;
      transfer.onDownloadDataAvailable = (data) => {
         try {
            if (output)
               output.write(data);
            else
               received.add(data);
            return true;
         } catch (thrown) {
            failure = thrown;
            return false;
         }
      };
      transfer.onTransferProgress = (_, down, __, up) => {
         if (down + up !== moved) {
            moved = down + up;
            deadline = Date.now() + timeout;
         }
         this.ui.pump();
         return !stopped() && Date.now() < deadline;
      };
      let status, error;
      try {
         const complete = method === "POST" ? transfer.post(body) : transfer.download();
         const code = Number(transfer.responseCode) || 0;
         status = complete || code >= 400 ? code : 0;
         error = status === 0 ? transfer.errorInformation : "";
      } finally {
         if (output)
            output.close();
         transfer.closeConnection(); // what the transfer knew may go with it
      }
      if (stopped())
         throw new Cancelled;
      if (failure !== null)
         throw new Problem("A result could not be stored (" + thrownText(failure) + "); is the disk full?");
      let text = "";
      if (output && status !== 200)
         text = Files.readText(file) || "";
      else if (received.length > 0)
         text = received.utf8ToString();
      return { status, text, error };
   }
}
