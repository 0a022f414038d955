// Worksheets work without this file; it adds a button that prints.
const button = document.querySelector('[data-print]');
button.hidden = false;
button.addEventListener('click', () => print());
