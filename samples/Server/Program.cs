// A web service that predicts and learns: POST a reading to /predict, or with its outcome to /learn. Ctrl+C saves what was learned.
await Server.FailureServer.Create(args).RunAsync();
