// What the pages' scripts have from outside: scripts of packages, and what browsers have beside the standard.
declare class Chart {
  constructor(canvas: Element, settings: object);
  data: { labels: unknown[]; datasets: { data: unknown[] }[] };
  update(): void;
}

interface Window {
  accessibleAutocomplete?: (settings: object) => void;
}

interface Navigator {
  getBattery?: () => Promise<{ level: number; charging: boolean }>;
}
