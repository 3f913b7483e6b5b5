// A board: what all of them have in common, and panels laid out in rows of 24 columns.
import dashboard from '@grafana/grafana-foundation-sdk/dashboard';

const { DashboardBuilder, DashboardCursorSync, TimePickerBuilder } = dashboard;

const GRID_WIDTH = 24;

// rows: arrays of [panel, width, height]; a column of panels one under another is an array in place of a panel
function place(board, rows) {
  let id = 1, y = 0;
  for (const row of rows) {
    let x = 0, bottom = y;
    for (const cell of row) {
      const stack = Array.isArray(cell[0]) ? cell : [cell];
      let top = y;
      for (const [panel, w, h] of stack) {
        board.withPanel(panel.id(id++).gridPos({ x, y: top, w, h }));
        top += h;
      }
      x += stack[0][1];
      bottom = Math.max(bottom, top);
    }
    if (x > GRID_WIDTH) throw new Error(`a row is ${x} columns wide`);
    y = bottom;
  }
}

export function board({ uid, title, description, tags = [], variables, annotations = [], rows, from = 'now-2y' }) {
  const made = new DashboardBuilder(title).id(null).uid(uid).description(description).tags(['pgcivic', ...tags]).readonly()
    .timezone('browser').tooltip(DashboardCursorSync.Crosshair).time({ from, to: 'now' }).refresh('5m')
    .timepicker(new TimePickerBuilder().refreshIntervals(['1m', '5m', '15m', '1h'])).version(1)
    .variables(variables).annotations(annotations);
  place(made, rows);
  return made.build();
}
