// SQL of the boards: how a variable's value gets into a query, and the query object of Grafana's PostgreSQL data source.

export const DATA_SOURCE = { type: 'grafana-postgresql-datasource', uid: '${ds}' };

// A variable with one value, and one with several: the array stands for nothing chosen as well, which IN () would not.
export const one = (variable) => `\${${variable}:sqlstring}`;
export const many = (variable) => `ARRAY[${one(variable)}]::text[]`;

export const FROM = '$__timeFrom()::timestamptz';
export const TO = '$__timeTo()::timestamptz';

// without the indentation it has in a board's source
const tidy = (sql) => sql.trim().replace(/\n {4}/g, '\n');

// A target as the Foundation SDK takes it, which has no type for PostgreSQL.  Format is "table" or "time_series".
export const query = (format, sql, refId = 'A') => ({
  build: () => ({ refId, datasource: DATA_SOURCE, editorMode: 'code', format, rawQuery: true, rawSql: tidy(sql) }),
});
