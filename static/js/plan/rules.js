// What is wrong with the stands of a hall, at once: the server checks the same and decides.
const EPSILON = 0.005;
const NUMBER = /^[A-Za-z0-9][A-Za-z0-9-]{0,7}$/;

function gaps(one, other) {
  return [
    Math.max(one.x, other.x) - Math.min(one.x + one.width, other.x + other.width),
    Math.max(one.y, other.y) - Math.min(one.y + one.depth, other.y + other.depth),
  ];
}

function overlap(one, other) {
  const [across, down] = gaps(one, other);
  return across < -EPSILON && down < -EPSILON;
}

function touching(one, other) {
  const [across, down] = gaps(one, other);
  return (Math.abs(across) <= EPSILON && down < -EPSILON) || (Math.abs(down) <= EPSILON && across < -EPSILON);
}

function leavesAisle(one, other, aisle) {
  const widest = Math.max(...gaps(one, other));
  return widest <= EPSILON || widest >= aisle - EPSILON;
}

// The floor right between two stands is taken by others.
function isFilled(one, other, others) {
  /** @returns {[number, number, boolean]} */
  const range = (a, aSize, b, bSize) => {
    const [from, to] = [Math.max(a, b), Math.min(a + aSize, b + bSize)].sort((m, n) => m - n);
    return to - from < 2 * EPSILON ? [(from + to) / 2 - EPSILON, 2 * EPSILON, true] : [from, to - from, false];
  };
  const [left, width, flatX] = range(one.x, one.width, other.x, other.width);
  const [top, depth, flatY] = range(one.y, one.depth, other.y, other.depth);
  let covered = 0;
  for (const box of others) {
    const across = Math.min(left + width, box.x + box.width) - Math.max(left, box.x);
    const down = Math.min(top + depth, box.y + box.depth) - Math.max(top, box.y);
    covered += Math.max(across, 0) * Math.max(down, 0);
  }
  return covered >= width * depth * (flatX || flatY ? 0.45 : 0.99);
}

function openSides(box, others, hall) {
  const room = {
    north: box.y, west: box.x,
    south: hall.depth - box.y - box.depth, east: hall.width - box.x - box.width,
  };
  const found = new Set(Object.keys(room).filter((side) => room[side] >= hall.aisle - EPSILON));
  for (const other of others.filter((one) => touching(box, one))) {
    const beside = Math.abs(gaps(box, other)[0]) <= EPSILON;
    found.delete(beside ? (other.x > box.x ? "east" : "west") : (other.y > box.y ? "south" : "north"));
  }
  return found;
}

function inside(box, hall) {
  return box.x >= -EPSILON && box.y >= -EPSILON
    && box.x + box.width <= hall.width + EPSILON && box.y + box.depth <= hall.depth + EPSILON;
}

const isSized = (one) => [one.width, one.depth].every((side) => side >= 0.5 && side <= 60);

export const french = (metres) => String(Math.round(metres * 100) / 100).replace(".", ",");

// A list of {stands, text}; `stands` are those that are wrong.
export function faultsOf(hall, stands) {
  const found = [];
  const add = (text, ...wrong) => found.push({ stands: wrong, text });
  const numbers = Map.groupBy ? Map.groupBy(stands, (one) => one.number) : grouped(stands);
  for (const one of stands) {
    if (!isSized(one)) {
      add(`Stand ${one.number}\u00a0: chaque côté mesure entre 0,5 m et 60 m.`, one);
    } else if (!inside(one, hall)) add(`Le stand ${one.number} dépasse du hall ${hall.name}.`, one);
    if (one.power_kw > hall.power) add(`Stand ${one.number}\u00a0: le hall ${hall.name} fournit au plus ${hall.power} kW.`, one);
    if (one.has_water && !hall.water) add(`Stand ${one.number}\u00a0: le hall ${hall.name} n’a pas d’eau.`, one);
  }
  for (const [number, named] of numbers) {
    if (!NUMBER.test(number)) add(`«\u00a0${number}\u00a0» n’est pas un numéro de stand\u00a0: de 1 à 8 chiffres ou lettres sans accent.`, ...named);
    else if (named.length > 1) add(`Le numéro ${number} est donné à ${named.length} stands.`, ...named);
    else if (hall.elsewhere.has(number)) add(`Le numéro ${number} est déjà pris dans un autre hall.`, ...named);
  }
  const sized = stands.filter(isSized);
  const order = [...sized].sort((one, other) => one.x - other.x);
  /** @type {Map<any, any[]>} */
  const near = new Map(order.map((one) => [one, []]));
  const pairs = [];
  order.forEach((one, place) => {
    for (const other of order.slice(place + 1)) {
      if (other.x > one.x + one.width + hall.aisle + EPSILON) break;
      if (Math.max(...gaps(one, other)) > hall.aisle + EPSILON) continue;
      near.get(one)?.push(other);
      near.get(other)?.push(one);
      pairs.push([one, other]);
    }
  });
  for (const [one, other] of pairs) {
    if (overlap(one, other)) add(`Les stands ${one.number} et ${other.number} se recouvrent.`, one, other);
    else if (!leavesAisle(one, other, hall.aisle) && !isFilled(one, other, near.get(one))) {
      add(`L’allée entre les stands ${one.number} et ${other.number} fait moins de ${french(hall.aisle)} m.`, one, other);
    }
  }
  for (const one of sized) {
    if (inside(one, hall) && !openSides(one, near.get(one), hall).size) {
      add(`Le stand ${one.number} n’a aucun côté sur une allée.`, one);
    }
  }
  return found;
}

// Beside, below, above or left of the model, else the first free place of the hall.
export function freePlace(hall, stands, model) {
  const { x, y, width, depth } = model;
  const fits = (place) => {
    const box = { ...model, ...place };
    return inside(box, hall) && !stands.some((one) => overlap(box, one));
  };
  const beside = [{ x: x + width, y }, { x, y: y + depth }, { x: x - width, y }, { x, y: y - depth }].find(fits);
  if (beside) return beside;
  for (let down = hall.aisle; down < hall.depth; down += 0.5) {
    for (let across = hall.aisle; across < hall.width; across += 0.5) {
      const box = { ...model, x: across, y: down, key: "new" };
      if (fits(box) && !faultsOf(hall, [...stands, box]).some((one) => one.stands.includes(box))) return { x: across, y: down };
    }
  }
  return { x: 0, y: 0 };
}

function grouped(stands) {
  const found = new Map();
  for (const one of stands) found.set(one.number, [...(found.get(one.number) || []), one]);
  return found;
}
