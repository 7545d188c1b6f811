// A report to the server that outlives the page. When it is lost only a count is wrong.

const product = document.documentElement.dataset.manual?.split("/")[2];
const ADDRESS = `/manual/searches${product ? `?product=${product}` : ""}`;

export function tell(report) {
  navigator.sendBeacon(ADDRESS, new Blob([JSON.stringify(report)], { type: "application/json" }));
}
