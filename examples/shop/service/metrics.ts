import type { Pool } from 'pg';

export interface Metrics {
  /** `route` is the pattern, not the path: paths with ids would be series without bound. */
  readonly observe: (method: string, route: string, status: number, seconds: number) => void;
  readonly render: () => string;
}

interface Series {
  readonly labels: string;
  /** Requests at or under each bound, in the order of `bounds`. */
  readonly buckets: number[];
  sum: number;
  count: number;
}

const bounds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

export function createMetrics(pool: Pool, version: string): Metrics {
  const requests = new Map<string, number>();
  const durations = new Map<string, Series>();

  return {
    observe(method, route, status, seconds) {
      const labels = `method="${method}",route="${route}"`;
      const counted = `${labels},status="${status}"`;
      requests.set(counted, (requests.get(counted) ?? 0) + 1);
      const series = durations.get(labels) ?? {
        labels,
        buckets: bounds.map(() => 0),
        sum: 0,
        count: 0,
      };
      durations.set(labels, series);
      series.sum += seconds;
      series.count += 1;
      for (const [index, bound] of bounds.entries()) {
        if (seconds <= bound) series.buckets[index] = (series.buckets[index] ?? 0) + 1;
      }
    },
    render: () =>
      [
        ...header('shop_build_info', 'gauge', 'The release that runs.'),
        `shop_build_info{version="${version}"} 1`,
        ...header('http_requests_total', 'counter', 'Requests answered.'),
        ...[...requests].map(([labels, count]) => `http_requests_total{${labels}} ${count}`),
        ...header('http_request_duration_seconds', 'histogram', 'Time to answer a request.'),
        ...[...durations.values()].flatMap(histogram),
        ...header('db_pool_connections', 'gauge', 'Connections of the database pool.'),
        `db_pool_connections{state="idle"} ${pool.idleCount}`,
        `db_pool_connections{state="used"} ${pool.totalCount - pool.idleCount}`,
        ...header('db_pool_waiting_requests', 'gauge', 'Queries that wait for a connection.'),
        `db_pool_waiting_requests ${pool.waitingCount}`,
        '',
      ].join('\n'),
  };
}

const header = (name: string, type: string, help: string): readonly string[] => [
  `# HELP ${name} ${help}`,
  `# TYPE ${name} ${type}`,
];

function histogram({ labels, buckets, sum, count }: Series): readonly string[] {
  const name = 'http_request_duration_seconds';
  return [
    ...bounds.map((bound, index) => `${name}_bucket{${labels},le="${bound}"} ${buckets[index]}`),
    `${name}_bucket{${labels},le="+Inf"} ${count}`,
    `${name}_sum{${labels}} ${sum}`,
    `${name}_count{${labels}} ${count}`,
  ];
}
