// Before the first paint: colours as chosen last time, and that scripts run.
(() => {
  const root = document.documentElement;
  root.classList.add("scripted");
  try {
    const kept = localStorage.getItem("wsconsolidate-theme");
    if (kept) root.dataset.theme = kept;
  } catch {
    root.dataset.storage = "none";
  }
})();
