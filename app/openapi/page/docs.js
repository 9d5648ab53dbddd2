// Shows /openapi.json by Swagger UI; with ?unfolded every operation is open, for paper. Of the refusals, which all have
// one shape, 400 has its example; the others are said in a line.
const WHOLE = new Set(["200", "400"]);
const isUnfolded = new URLSearchParams(window.location.search).has("unfolded");
document.getElementById("unfold").hidden = isUnfolded;

function shortened(contract) {
  for (const operations of Object.values(contract.paths)) {
    for (const operation of Object.values(operations)) {
      for (const [status, answer] of Object.entries(operation.responses)) {
        if (!WHOLE.has(status)) {
          operation.responses[status] = { description: answer.description };
        }
      }
    }
  }
  return contract;
}

function show(contract) {
  window.ui = SwaggerUIBundle({
    spec: shortened(contract),
    dom_id: "#swagger-ui",
    deepLinking: true,
    docExpansion: isUnfolded ? "full" : "list",
    defaultModelsExpandDepth: isUnfolded ? 1 : 0,
    displayRequestDuration: true,
    tryItOutEnabled: !isUnfolded,
    // Nothing is asked of anybody else.
    validatorUrl: null,
  });
}

fetch("../openapi.json").then((answer) => answer.json()).then(show);
