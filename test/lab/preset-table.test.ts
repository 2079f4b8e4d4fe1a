import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { PlanDocument } from '../../cli/plan-report.ts';
import type { Catalog } from '../../hive/catalog.ts';
import { classifyDrift } from '../../hive/drift.ts';
import { createHiveServer2 } from '../../hive/hiveserver2/hiveserver2.ts';
import { createMetastoreCatalog } from '../../hive/metastore/metastore-catalog.ts';
import { type PresetTable, STORAGE_FORMATS, tableFromPreset } from '../../hive/preset-table.ts';
import type { Row, Sql } from '../../hive/sql.ts';
import type { Table } from '../../hive/table.ts';
import { withHive } from '../../lab/hive-session.ts';
import type { Outcome } from '../../sync/outcome.ts';
import { documentOf, ferry } from './ferry.ts';
import { deleteScratch, dropDatabases, labCluster, scratchName } from './lab-metastore.ts';

jest.setTimeout(180_000);

const database = scratchName();
const cluster = labCluster('b');
const { metastore, fileSystem, hiveserver2 } = cluster;
let sql: Sql;
let catalog: Catalog;

beforeAll(async () => {
  sql = createHiveServer2({ cluster: 'b', ...hiveserver2, auth: 'nosasl', user: 'hive' });
  catalog = createMetastoreCatalog({ cluster: 'b', uri: metastore, user: 'hive' });
  await catalog.apply({ kind: 'create-database', database, location: `${fileSystem}/tmp/${database}` });
});
afterAll(async () => {
  await sql.close();
  await catalog.close();
  await dropDatabases(metastore, [database]);
  await deleteScratch(cluster, database);
});

async function rowsOf(query: string): Promise<Row[]> {
  const rows: Row[] = [];
  for await (const page of sql.query(query)) rows.push(...page);
  return rows;
}

/** The table that the catalog has once it was made from the preset. */
async function made(name: string, preset: PresetTable): Promise<Table> {
  const table = tableFromPreset(preset, { database, table: name }, `${fileSystem}/tmp/${database}/${name}`);
  await catalog.apply({ kind: 'create-table', table });
  const there = await catalog.table({ database, table: name });
  if (there === undefined) throw new Error(`${name} is not there`);
  expect(classifyDrift(table, there)).toEqual({ kind: 'identical' });
  return there;
}

/** What a definition says but for its name, its place and its age. */
function definition({ storage, partitionKeys, kind, parameters }: Table): object {
  const { transient_lastDdlTime: _, 'discover.partitions': __, ...rest } = parameters;
  return { storage: { ...storage, location: '' }, partitionKeys, kind, parameters: rest };
}

describe('a table made from a preset through the metastore', () => {
  it.each(STORAGE_FORMATS)('stored as %s is the one of CREATE TABLE, and takes and gives rows', async (storedAs) => {
    const [name, like] = [`p_${storedAs.toLowerCase()}`, `h_${storedAs.toLowerCase()}`];
    await sql.execute(
      `CREATE EXTERNAL TABLE ${database}.${like} (id bigint COMMENT 'the \\'id\\'', amount decimal(10, 2), tags array<struct<a:int,b:string>>)
       COMMENT 'Zürich' PARTITIONED BY (dt date COMMENT 'day', \`order\` string) STORED AS ${storedAs}
       LOCATION '/tmp/${database}/${like}' TBLPROPERTIES ('external.table.purge'='false', 'note'='x "y"')`,
    );
    const preset: PresetTable = {
      columns: [
        { name: 'ID', type: 'BIGINT', comment: "the 'id'" },
        { name: 'amount', type: 'DECIMAL(10, 2)' },
        { name: 'tags', type: 'array < struct < a : int, b : string > >' },
      ],
      partitionedBy: [
        { name: 'dt', type: 'date', comment: 'day' },
        { name: 'order', type: 'string' },
      ],
      storedAs,
      properties: { note: 'x "y"' },
      comment: 'Zürich',
    };
    const byHive = await catalog.table({ database, table: like });
    expect(definition(await made(name, preset))).toEqual(definition(byHive as Table));

    await sql.execute(
      `INSERT INTO ${database}.${name} PARTITION (dt='2026-01-31', \`order\`='x y')
       SELECT 7, 1.50, array(named_struct('a', 1, 'b', 'z'))`,
    );
    expect(
      await rowsOf(
        `SELECT cast(id AS string) AS id, cast(amount AS string) AS amount, tags[0].b AS b, cast(dt AS string) AS dt, \`order\` AS o
         FROM ${database}.${name} WHERE dt = '2026-01-31' AND \`order\` = 'x y'`,
      ),
    ).toEqual([{ id: '7', amount: '1.50', b: 'z', dt: '2026-01-31', o: 'x y' }]);
  });

  it('with classes of its own and without partitions reads files by them', async () => {
    await made('csv', {
      columns: [
        { name: 'a', type: 'string' },
        { name: 'b', type: 'string' },
      ],
      storedAs: {
        inputFormat: 'org.apache.hadoop.mapred.TextInputFormat',
        outputFormat: 'org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat',
        serde: 'org.apache.hadoop.hive.serde2.OpenCSVSerde',
        serdeProperties: { separatorChar: ';', quoteChar: "'" },
      },
    });
    await sql.execute(`INSERT INTO ${database}.csv VALUES ('x;y', '1')`);
    expect(await rowsOf(`SELECT a, b FROM ${database}.csv`)).toEqual([{ a: 'x;y', b: '1' }]);
  });

  it('has every type that a preset may name', async () => {
    const types = [
      'tinyint',
      'smallint',
      'integer',
      'bigint',
      'float',
      'double precision',
      'boolean',
      'string',
      'binary',
      'date',
      'timestamp',
      'timestamp with local time zone',
      'numeric(38,38)',
      'dec',
      'char(255)',
      'varchar(65535)',
      'array<map<date,int>>',
      'uniontype<int,struct<`A b`:int,select:array<char(3)>>>',
    ];
    const columns = types.map((type, place) => ({ name: `c${place}`, type }));
    await made('wide', { columns, storedAs: 'TEXTFILE' });
    const described = await rowsOf(`DESCRIBE ${database}.wide`);
    const table = await catalog.table({ database, table: 'wide' });
    expect(described.map((row) => row.data_type)).toEqual(table?.storage.columns.map(({ type }) => type));
    expect(await rowsOf(`SELECT * FROM ${database}.wide`)).toEqual([]);
  });
});

describe('a table made from the file of --schema', () => {
  const into = `${database}.orders`;
  const folder = mkdtempSync(join(tmpdir(), 'ferry-preset-'));
  const file = join(folder, 'orders.yaml');
  afterAll(() => rmSync(folder, { recursive: true }));

  it('is planned as it will be, and reads the rows of the source', async () => {
    writeFileSync(
      file,
      `comment: orders as the lake has them
columns:
  - { name: order_id, type: bigint, comment: unique }
  - { name: customer, type: string }
  - { name: amount, type: 'decimal(10,2)' }
  - { name: placed_at, type: timestamp }
  - { name: note, type: string }
partitionedBy:
  - { name: dt, type: string }
  - { name: region, type: string }
storedAs: ORC
`,
    );
    const asked = ['sales.orders', '--source', 'a', '--target', 'b', '--target-table', into, '--schema', file];
    const selected = ['--where', "dt = '2026-11-01'", '--nodes', '1', '--memory', '64MiB'];
    const planned = await ferry(['plan', ...asked, ...selected, '--json']);
    expect(planned.exitCode).toBe(0);
    expect(documentOf<PlanDocument>(planned).statements.join()).toContain("'comment'='orders as the lake has them'");
    const ran = await ferry(['sync', ...asked, ...selected, '--local', '--task-queue', 'preset-tests', '--json']);
    expect(documentOf<Outcome>(ran)).toMatchObject({ outcome: 'complete' });
    expect((await catalog.table({ database, table: 'orders' }))?.parameters.comment).toBe(
      'orders as the lake has them',
    );
    const count = `SELECT cast(count(*) AS string) AS n, cast(sum(amount) AS string) AS total FROM`;
    const [there] = await withHive('a', (query) => query(`${count} sales.orders WHERE dt = '2026-11-01'`));
    expect(await rowsOf(`${count} ${into} WHERE dt = '2026-11-01'`)).toEqual([there]);
  });
});
