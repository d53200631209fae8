# The library's entry under workerd. `./build.sh bench worker` puts this file beside what it names.
using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [
    (name = "worker", worker = (
      modules = [
        (name = "worker.mjs", esModule = embed "worker.mjs"),
        (name = "runtime.mjs", esModule = embed "runtime.mjs"),
        (name = "wasm_exec.js", esModule = embed "wasm_exec.js"),
        (name = "app.wasm", wasm = embed "app.wasm"),
      ],
      compatibilityDate = "2026-04-01",
    )),
  ],
  sockets = [(name = "http", address = "127.0.0.1:8903", service = "worker", http = (cfBlobHeader = "Cf-Blob"))],
);
