// Search, filters and sorting for the table beside this script; without scripts the table stands as it is.
(() => {
  const box = document.currentScript.parentElement;
  const table = box.querySelector("table");
  const body = table.tBodies[0];
  const rows = Array.from(body.rows);
  for (const cell of body.querySelectorAll("td")) // long texts are wide rather than tall, whatever the table's width
    if (cell.textContent.length > 60) Object.assign(cell.style, { minWidth: "30em", textAlign: "left" });
  const told = document.createElement("output");
  const filters = [];
  const text = (row, column) => (column < 0 ? row : row.cells[column]).textContent.toLowerCase();
  const apply = () => {
    let left = 0;
    for (const row of rows) {
      row.hidden = !filters.every(([input, column]) =>
        input.value.toLowerCase().split(" ").every((word) => text(row, column).includes(word)));
      left += row.hidden ? 0 : 1;
    }
    told.textContent = left + " of " + rows.length + " rows";
  };
  const field = (label, column, parent, size) => {
    const input = document.createElement("input");
    Object.assign(input, { type: "search", placeholder: label, size, oninput: apply });
    input.setAttribute("aria-label", label);
    input.dataset.lmSuppressShortcuts = "true"; // keys typed here are no commands of JupyterLab
    filters.push([input, column]);
    parent.append(input);
  };
  const number = (cell) => Number(cell.replaceAll(",", "").replace("−", "-"));
  const order = (column, sign) => (a, b) => {
    const [x, y] = [text(a, column), text(b, column)];
    const both = number(x) - number(y);
    return sign * (Number.isNaN(both) ? x.localeCompare(y) : both);
  };
  const search = document.createElement("div");
  field("Search all columns", -1, search, 30);
  search.append(told);
  box.prepend(search);
  const line = table.tHead.insertRow();
  Array.from(table.tHead.rows[0].cells).forEach((head, column) => {
    const name = head.textContent;
    const button = document.createElement("button");
    let sign = -1;
    button.textContent = name;
    button.title = "Sort by " + name;
    button.onclick = () => {
      sign = -sign;
      rows.sort(order(column, sign));
      body.append(...rows);
      head.setAttribute("aria-sort", sign > 0 ? "ascending" : "descending");
    };
    head.replaceChildren(button);
    field("Filter " + name, column, line.appendChild(document.createElement("td")), 8);
  });
  apply();
})();
