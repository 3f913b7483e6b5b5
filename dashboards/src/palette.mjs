// Colours with a fixed meaning on every board, from the palette of Okabe and Ito, which colour-blind readers tell apart.
// Each also bears its name: nothing is said by colour alone.

// without a value: withheld, not known, cannot be decided
export const GREY = '#8e8e8e';

// service levels of all ladders, the lowest first: what means as much has the same colour
export const LADDERS = {
  surface_water: { label: 'surface water', color: '#d55e00' },
  open_defecation: { label: 'open defecation', color: '#d55e00' },
  no_facility: { label: 'no facility', color: '#d55e00' },
  no_service: { label: 'no service', color: '#d55e00' },
  unimproved: { label: 'unimproved', color: '#e69f00' },
  limited: { label: 'limited', color: '#f0e442' },
  basic: { label: 'basic', color: '#56b4e9' },
  safely_managed: { label: 'safely managed', color: '#0072b2' },
  advanced: { label: 'advanced', color: '#0072b2' },
  insufficient: { label: 'not enough answers', color: GREY },
};

// access codes
export const CODES = {
  green: { label: 'green', color: '#009e73' },
  yellow: { label: 'yellow', color: '#f0e442' },
  red: { label: 'red', color: '#d55e00' },
  grey: { label: 'grey: cannot be decided', color: GREY },
};

// states of alarms and checks
export const STATES = { good: '#009e73', watch: '#e69f00', bad: '#d55e00' };
