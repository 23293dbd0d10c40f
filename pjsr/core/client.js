// Talking to the bridge: frames out, jobs, planes back.

const TRIES = 4;

class Client {
   /** `ports`: `http.send`, `files`, `clock`, `ui`; `server`: `{url, token}`. */
   constructor(ports, server) {
      this.ports = ports;
      this.server = server;
   }

   get(path) {
      return readReply(this.exchange("GET", path));
   }

   post(path, body, settings = {}) {
      return readReply(this.exchange("POST", path, { body: asciiJson(body), ...settings }));
   }

   exchange(method, path, { type = "application/json", headers = [], ...rest } = {}) {
      return this.ports.http.send({
         method, url: this.server.url + path,
         headers: requestHeaders(this.server.token, type, headers), ...rest
      });
   }

   /** Sends a FITS file; returns the id of its frame. */
   upload(path, text) {
      const { files, ui } = this.ports;
      const reader = files.reader(path);
      try {
         const opened = this.post("/v1/uploads", { size: reader.size });
         let frame = frameOf(opened);
         let offset = opened.offset;
         let failures = 0;
         while (frame === "") {
            ui.stage(text, offset / reader.size);
            const reply = this.sendBlock(opened, offset, reader);
            if (reply.moved)
               failures = 0;
            else if (++failures === TRIES)
               throw replyProblem(reply.raw);
            offset = reply.offset;
            frame = reply.frame;
         }
         return frame;
      } finally {
         reader.close();
      }
   }

   /** Sends the bytes from `offset` on; a bridge that holds other bytes says where to go on. */
   sendBlock(opened, offset, reader) {
      const raw = this.exchange("POST", "/v1/uploads/" + opened.upload, {
         type: "text/plain", headers: ["Upload-Offset: " + offset],
         body: reader.base64(offset, opened.chunk_bytes)
      });
      if (raw.status === 0)
         return { moved: false, offset, frame: "", raw };
      const body = parsedJson(raw.text);
      if (raw.status === 409 && body !== null && Number.isInteger(body.offset))
         return { moved: false, offset: body.offset, frame: "", raw };
      const reply = readReply(raw);
      return { moved: reply.offset > offset, offset: reply.offset, frame: frameOf(reply), raw };
   }

   /** Has the bridge do a job; returns it when it has succeeded. A cancel here cancels it there. */
   run(request) {
      const { clock, ui } = this.ports;
      let job = this.post("/v1/jobs", request);
      try {
         while (!jobFinished(job)) {
            const progress = jobProgress(job);
            ui.stage(progress.text, progress.fraction);
            clock.sleep(pollDelay(job));
            job = this.poll(job);
         }
      } catch (thrown) {
         if (thrown instanceof Cancelled)
            this.exchange("POST", "/v1/jobs/" + job.id + "/cancel",
               { body: "{}", timeout: 1000, uncancellable: true });
         throw thrown;
      }
      requireSuccess(job);
      return job;
   }

   /**
    * One lost answer does not lose a job. The bridge is not asked to hold its answer back: a transfer
    * in which nothing moves handles no events for up to a second.
    */
   poll(job) {
      let reply;
      for (let i = 0; i < TRIES; ++i) {
         reply = this.exchange("GET", "/v1/jobs/" + job.id);
         if (reply.status !== 0)
            break;
         this.ports.clock.sleep(250);
      }
      return readReply(reply);
   }

   /** Saves a plane of a job as the file `path`. */
   download(job, name, path) {
      const result = (job.results || {})[name];
      if (!result)
         throw new Problem("The bridge holds no " + name + " of this work any more: do it again.", "no-result");
      const reply = this.exchange("GET", result.url, { file: path });
      if (reply.status !== 200)
         throw replyProblem(reply);
   }
}
