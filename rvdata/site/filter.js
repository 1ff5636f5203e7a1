"use strict";
const box = document.getElementById("filter");
const found = document.getElementById("found");
document.getElementById("search").hidden = false;
box.addEventListener("input", () => {
  const wanted = box.value.toLowerCase().split(/\s+/).filter(Boolean);
  let shown = 0;
  const items = document.querySelectorAll(".item");
  for (const item of items) {
    const text = item.textContent.toLowerCase();
    item.hidden = !wanted.every((word) => text.includes(word));
    shown += !item.hidden;
  }
  for (const fold of document.querySelectorAll("details.more")) fold.open = wanted.length > 0;
  found.textContent = wanted.length ? `${shown} of ${items.length} claims and questions` : "";
});
