// The search: a rule by its id or by its words. The index is a script, so that it works from disk.
(function () {
  var input = document.getElementById("find"), list = document.getElementById("found");
  var at = -1;
  function score(entry, words) {
    var id = entry[0].toLowerCase(), text = entry[3];
    var total = 0;
    for (var i = 0; i < words.length; i++) {
      var word = words[i];
      if (id === word) total += 1000;
      else if (id.indexOf(word) === 0) total += 400 - id.length;
      else if (entry[1].toLowerCase().indexOf(word) >= 0) total += 100;
      else if (text.indexOf(word) >= 0) total += 10;
      else return 0;
    }
    return total;
  }
  function find(query) {
    var words = query.toLowerCase().split(/\s+/).filter(Boolean);
    if (!words.length) return [];
    return INDEX.map(function (entry, n) { return [score(entry, words), n, entry]; })
      .filter(function (hit) { return hit[0] > 0; })
      .sort(function (a, b) { return b[0] - a[0] || a[1] - b[1]; })
      .slice(0, 12);
  }
  function show() {
    var hits = find(input.value);
    list.textContent = "";
    at = hits.length ? 0 : -1;
    hits.forEach(function (hit, n) {
      var entry = hit[2], item = document.createElement("li"), link = document.createElement("a");
      var name = document.createElement("b"), more = document.createElement("small");
      link.href = HOME + entry[2];
      name.textContent = entry[0];
      link.appendChild(name);
      link.appendChild(document.createTextNode(" " + entry[1]));
      more.textContent = entry[4];
      if (entry[4]) link.appendChild(more);
      if (n === 0) link.className = "on";
      item.appendChild(link);
      list.appendChild(item);
    });
    if (!hits.length && input.value.trim()) {
      var none = document.createElement("li");
      none.className = "none";
      none.textContent = input.dataset.none;
      list.appendChild(none);
    }
    list.hidden = !input.value.trim();
  }
  function move(step) {
    var links = list.querySelectorAll("a");
    if (!links.length) return;
    if (at >= 0) links[at].className = "";
    at = (at + step + links.length) % links.length;
    links[at].className = "on";
    links[at].scrollIntoView({ block: "nearest" });
  }
  input.addEventListener("input", show);
  input.addEventListener("keydown", function (event) {
    var links = list.querySelectorAll("a");
    if (event.isComposing) return;
    if (event.key === "ArrowDown") move(1);
    else if (event.key === "ArrowUp") move(-1);
    else if (event.key === "Escape") { input.value = ""; show(); }
    else if (event.key === "Enter" && at >= 0) location.href = links[at].href;
    else return;
    event.preventDefault();
  });
  document.addEventListener("click", function (event) {
    if (!event.target.closest(".find")) list.hidden = true;
  });
  document.addEventListener("keydown", function (event) {
    if (event.key === "/" && document.activeElement !== input) { event.preventDefault(); input.focus(); }
  });
})();
