// Runs before the first paint, so that a remembered choice of light or dark never flashes.
(() => {
  let chosen = null;
  try {
    chosen = localStorage.getItem('scheme');
  } catch (error) {
    console.info('The choice of colours is not remembered here:', error.message);
  }
  if (chosen === 'light' || chosen === 'dark') document.documentElement.dataset.scheme = chosen;
})();
