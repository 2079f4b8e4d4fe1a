import type { SeededTable } from './seeded-table.ts';
import { putFile } from './source-cluster.ts';

const SCHEMA = JSON.stringify({
  type: 'record',
  name: 'reading',
  namespace: 'lab',
  doc: "a sensor's reading",
  fields: [
    { name: 'id', type: 'long' },
    { name: 'celsius', type: ['null', 'double'], default: null },
  ],
});
const SCHEMA_FOLDER = '/schemas';

/** Its columns stand in a file on cluster a: a copy would read that file of the source. */
export const avroSchemas: SeededTable = {
  name: 'avro.schemas',
  shape: "Avro with avro.schema.url on the source's HDFS: a sync refuses it",
  version: 1,
  rows: () => 2,
  elsewhere: [SCHEMA_FOLDER],
  async make(source) {
    const file = `${SCHEMA_FOLDER}/reading.avsc`;
    await putFile(source, file, SCHEMA);
    await source.query(
      `CREATE EXTERNAL TABLE avro.schemas STORED AS AVRO TBLPROPERTIES ('avro.schema.url' = '${source.fileSystem}${file}')`,
    );
    await source.query('INSERT INTO TABLE avro.schemas VALUES (1, 21.5), (2, NULL)');
  },
};

/** The same with the schema in the definition. */
export const avroReadings: SeededTable = {
  name: 'avro.readings',
  shape: 'Avro with avro.schema.literal',
  version: 1,
  partitions: 2,
  rows: (scale) => 2 * scale,
  async make({ query }, scale) {
    await query(
      `CREATE EXTERNAL TABLE avro.readings PARTITIONED BY (day date) STORED AS AVRO
       TBLPROPERTIES ('avro.schema.literal' = '${SCHEMA.replaceAll("'", "\\'")}')`,
    );
    await query(
      `INSERT INTO TABLE avro.readings PARTITION (day)
       SELECT id, celsius, day FROM (SELECT inline(array(
         struct(1L, CAST(21.5 AS double), DATE '2026-11-01'), struct(2L, CAST(NULL AS double), DATE '2026-11-02')
       )) AS (id, celsius, day)) readings
       LATERAL VIEW explode(split(space(${scale - 1}), ' ')) times AS nothing`,
    );
  },
};
