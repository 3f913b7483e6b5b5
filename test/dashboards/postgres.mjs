// A client of PostgreSQL's simple query protocol in text mode, the way Grafana's data source asks: no parameters, type OIDs kept.
import { connect } from 'node:net';
import { existsSync } from 'node:fs';

const cstring = (s) => Buffer.from(s + '\0', 'utf8');

// frame a message of the protocol; the start-up message has no type byte
function message(type, body) {
  const head = Buffer.alloc(type ? 5 : 4);
  if (type) head.write(type, 0);
  head.writeInt32BE(body.length + 4, type ? 1 : 0);
  return Buffer.concat([head, body]);
}

function readError(body) {
  const fields = {};
  for (let at = 0; body[at]; ) {
    const end = body.indexOf(0, at + 1);
    fields[String.fromCharCode(body[at])] = body.toString('utf8', at + 1, end);
    at = end + 1;
  }
  return Object.assign(new Error(`${fields.C}: ${fields.M}${fields.D ? ` (${fields.D})` : ''}`), { sqlstate: fields.C });
}

function readFields(body) {
  const fields = [];
  for (let left = body.readInt16BE(0), at = 2; left > 0; left--) {
    const end = body.indexOf(0, at);
    fields.push({ name: body.toString('utf8', at, end), oid: body.readInt32BE(end + 7) });
    at = end + 19;
  }
  return fields;
}

function readRow(body) {
  const row = [];
  for (let left = body.readInt16BE(0), at = 2; left > 0; left--) {
    const length = body.readInt32BE(at);
    row.push(length < 0 ? null : body.toString('utf8', at + 4, at + 4 + length));
    at += 4 + Math.max(length, 0);
  }
  return row;
}

// Connect and give { query(sql) -> { fields, rows }, end() }.  One query at a time; trust authentication only.
export async function open({ host = process.env.PGHOST, port = process.env.PGPORT, user, database }) {
  const path = `${host}/.s.PGSQL.${port}`;
  const socket = existsSync(path) ? connect(path) : connect(Number(port), host);
  let waiting, buffer = Buffer.alloc(0), result, failure;
  const settle = (error) => {
    const { resolve, reject } = waiting ?? {};
    waiting = undefined;
    if (error) reject?.(error); else resolve?.(result);
  };
  const handle = (type, body) => {
    if (type === 'R' && body.readInt32BE(0) !== 0) settle(new Error('the server asks for a password; the tests use a private cluster with trust'));
    else if (type === 'T') result = { fields: readFields(body), rows: [] };
    else if (type === 'D') result.rows.push(readRow(body));
    else if (type === 'E') failure = readError(body);
    else if (type === 'Z') settle(failure);
  };
  socket.on('data', (chunk) => {
    buffer = Buffer.concat([buffer, chunk]);
    while (buffer.length >= 5 && buffer.length > buffer.readInt32BE(1)) {
      const length = buffer.readInt32BE(1);
      const body = buffer.subarray(5, length + 1);
      const type = String.fromCharCode(buffer[0]);
      buffer = buffer.subarray(length + 1);
      handle(type, body);
    }
  });
  socket.on('error', settle);
  socket.on('close', () => settle(failure ?? new Error('the server closed the connection')));
  const send = (bytes) => new Promise((resolve, reject) => {
    waiting = { resolve, reject };
    result = { fields: [], rows: [] };
    failure = undefined;
    socket.write(bytes);
  });
  const version = Buffer.from([0, 3, 0, 0]);
  await send(message('', Buffer.concat([version, ...['user', user, 'database', database, 'application_name', 'boards test', ''].map(cstring)])));
  return { query: (sql) => send(message('Q', cstring(sql))), end: () => socket.end(message('X', Buffer.alloc(0))) };
}
