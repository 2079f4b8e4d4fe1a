import { TABLES } from '../../lab/seed.ts';

/** A seeded table, and what is asked of it on both clusters. */
export type SeededCase = {
  readonly table: string;
  /** Where it goes on b, when another test syncs it under its own name. */
  readonly target?: string;
  readonly partitions: number;
  readonly rows: number;
  /** Columns of one row over all rows of the table. */
  readonly checksum: string;
  /** Predicates over partitions, each true for some and false for others. */
  readonly filters: readonly string[];
};

const seeded = (table: string): Pick<SeededCase, 'table' | 'partitions' | 'rows'> => {
  const one = TABLES.find(({ name }) => name === table);
  if (one === undefined) throw new Error(`${table} is not seeded`);
  return { table, partitions: one.partitions ?? 1, rows: one.rows(1) };
};

/** All that can be copied. */
export const SEEDED: readonly SeededCase[] = [
  {
    table: 'sales.orders',
    target: 'sales.orders_every',
    partitions: 60,
    rows: 120_000,
    checksum: 'sum(order_id), sum(amount), max(note), min(placed_at)',
    filters: ["dt = '2026-11-03' and region = 'apac'", "dt > '2026-11-15'"],
  },
  {
    table: 'ref.countries',
    target: 'ref.countries_every',
    partitions: 1,
    rows: 250,
    checksum: 'sum(population), min(code), max(name)',
    filters: [],
  },
  {
    ...seeded('web.clicks'),
    checksum: 'sum(click_id), max(visitor), min(url), max(at), max(payload)',
    filters: ["dt = '2026-11-02' and hour = 18", "dt > '2026-11-01' and hour < 7"],
  },
  {
    ...seeded('logs.raw'),
    checksum: 'sum(id), max(line), min(line), max(source), min(source), sum(hour)',
    filters: ['hour is null', "source = '2026-11-01 00:00:00'"],
  },
  {
    ...seeded('ext.events'),
    checksum: 'sum(id), max(what), min(what), max(extra), count(extra)',
    filters: ["day in ('2026-11-01', '2026-11-03')", "day in ('2026-11-05', '2026-11-06')"],
  },
  {
    ...seeded('fin.ledger'),
    checksum: 'sum(entry), max(account), sum(amount)',
    filters: ["month = '2026-10-01'", "book = 'sales' and month < '2026-11-01'"],
  },
  { ...seeded('geo.empty'), checksum: 'max(city), sum(population)', filters: ["country = 'de'"] },
  {
    ...seeded('avro.readings'),
    checksum: 'sum(id), sum(celsius), count(celsius)',
    filters: ["day = '2026-11-01'"],
  },
  {
    ...seeded('wide.types'),
    checksum:
      'sum(tiny), sum(small), sum(whole), sum(big), sum(single), sum(wider), sum(exact), max(day), max(moment), min(moment), max(text), max(upto), max(fixed), max(hex(raw)), sum(size(list)), sum(pairs["l"]), max(record.b), max(nested["n"][0].d), count(flag)',
    filters: [],
  },
  {
    ...seeded('wide.moments'),
    checksum: 'sum(id), sum(amount), max(at), min(at)',
    filters: ['amount = 1.5', "at = timestamp '2026-11-01 00:00:00'"],
  },
  {
    ...seeded('order.select'),
    checksum: 'max(`date`), min(`user`), sum(`from`)',
    filters: ["`table` = 'join'"],
  },
];
