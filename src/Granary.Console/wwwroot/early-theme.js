// Loaded before the first paint, so that a remembered theme does not flash the other one. No module: those are
// deferred.
try {
  const theme = localStorage.getItem('granary.theme');
  if (theme === 'light' || theme === 'dark') {
    document.documentElement.dataset.theme = theme;
  }
} catch {
  // Storage may be forbidden; then the system's theme it is.
}
