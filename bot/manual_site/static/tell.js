// A report to the server that outlives the page. When it is lost only a count is wrong.

export function tell(report) {
  navigator.sendBeacon("/manual/searches", new Blob([JSON.stringify(report)], { type: "application/json" }));
}
