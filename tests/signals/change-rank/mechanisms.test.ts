import { describe, expect, it } from "vitest";
import type { Family } from "../../../src/signals/change-rank/families.js";
import { judgeNature } from "../../../src/signals/change-rank/nature.js";
import { mechanismsOf } from "../../../src/signals/change-rank/mechanisms.js";

/** How strongly a change to one file can bring about a kind of trouble. */
function brings(family: Family, path: string, diff: string): number {
  return Math.max(0, ...mechanismsOf(diff, [path]).map(({ strength, brings: all }) => strength * (all[family] ?? 0)));
}

interface Row {
  readonly name: string;
  readonly family: Family;
  readonly path: string;
  readonly diff: string;
}

const GUILTY: readonly Row[] = [
  {
    name: "a smaller pool in Java properties",
    family: "pool",
    path: "app/application.properties",
    diff: "-spring.datasource.hikari.maximum-pool-size=40\n+spring.datasource.hikari.maximum-pool-size=4",
  },
  {
    name: "a smaller pool in a constant with a type",
    family: "pool",
    path: "db.py",
    diff: "-MAX_CONNECTIONS: int = 64\n+MAX_CONNECTIONS: int = 8",
  },
  {
    name: "fewer workers in YAML",
    family: "queue",
    path: "deploy/values.yaml",
    diff: "-  workerConcurrency: 32\n+  workerConcurrency: 2",
  },
  {
    name: "less memory for a container",
    family: "memory",
    path: "charts/api/values.yaml",
    diff: "     limits:\n-      memory: 1Gi\n+      memory: 128Mi",
  },
  { name: "less CPU for a container", family: "cpu", path: "charts/api/values.yaml", diff: "-      cpu: 2\n+      cpu: 200m" },
  {
    name: "a shorter time limit in seconds",
    family: "timeout",
    path: "client.py",
    diff: "-    return requests.get(url, timeout=30)\n+    return requests.get(url, timeout=1)",
  },
  {
    name: "a shorter time limit in TypeScript",
    family: "timeout",
    path: "client.ts",
    diff: "-const client = axios.create({ baseURL, timeout: 10_000 });\n+const client = axios.create({ baseURL, timeout: 250 });",
  },
  { name: "more retries", family: "traffic", path: "retry.go", diff: "-	MaxRetries: 2,\n+	MaxRetries: 20," },
  {
    name: "polling every second",
    family: "traffic",
    path: "poller.go",
    diff: "-	PollInterval: 5 * time.Minute,\n+	PollInterval: 1 * time.Second,",
  },
  { name: "larger batches", family: "memory", path: "export.yaml", diff: "-batch_size: 500\n+batch_size: 50000" },
  { name: "a lower rate limit", family: "limit", path: "gateway.yaml", diff: "-  rate_limit_rps: 500\n+  rate_limit_rps: 20" },
  {
    name: "another host",
    family: "dns",
    path: "config/prod.env",
    diff: '-DB_HOST="orders-db.internal"\n+DB_HOST="orders-db-new.internal"',
  },
  { name: "another port", family: "connect", path: "deploy/service.yaml", diff: "-  targetPort: 8080\n+  targetPort: 9090" },
  {
    name: "another secret",
    family: "auth",
    path: "deploy/api.yaml",
    diff: '-  secretName: "api-token"\n+  secretName: "api-token-v2"',
  },
  {
    name: "a null check that went in Java",
    family: "crash",
    path: "Cart.java",
    diff: "-    if (coupon != null) {\n-      total = total.minus(coupon.amount());\n-    }\n+    total = total.minus(coupon.amount());",
  },
  {
    name: "optional chaining that went",
    family: "crash",
    path: "cart.ts",
    diff: "-  return user?.address?.city ?? null;\n+  return user.address.city;",
  },
  {
    name: "an unlock that went",
    family: "lock",
    path: "store.go",
    diff: " 	s.mu.Lock()\n-	defer s.mu.Unlock()\n 	return s.items[k]",
  },
  {
    name: "a body that is no longer closed",
    family: "pool",
    path: "fetch.go",
    diff: " 	resp, err := http.Get(url)\n-	defer resp.Body.Close()\n 	return decode(resp.Body)",
  },
  {
    name: "a filter that went from a query",
    family: "query",
    path: "report.sql",
    diff: "-SELECT * FROM orders WHERE created_at > now() - interval '1 day'\n+SELECT * FROM orders",
  },
  {
    name: "a query for each row in Python",
    family: "query",
    path: "views.py",
    diff: " def orders(request):\n-    items = Item.fetch_all(ids)\n+    for order in orders:\n+        order.items = session.query(Item).filter_by(order_id=order.id).all()\n",
  },
  {
    name: "an awaited call for each item in TypeScript",
    family: "slow",
    path: "cart.ts",
    diff: "-  const prices = await catalog.getPrices(skus);\n+  for (const sku of skus) {\n+    prices.push(await catalog.getPrice(sku));\n+  }",
  },
  {
    name: "a column that is dropped",
    family: "schema",
    path: "migrations/7.sql",
    diff: "+ALTER TABLE users DROP COLUMN nickname;",
  },
  { name: "an index that is dropped", family: "query", path: "migrations/8.sql", diff: "+DROP INDEX idx_orders_customer;" },
  {
    name: "an index that locks the table",
    family: "lock",
    path: "migrations/9.sql",
    diff: "+CREATE INDEX idx_orders_total ON orders (total);",
  },
  { name: "a new required variable", family: "config", path: "config.ts", diff: "+const key = process.env.LEDGER_KEY;" },
  {
    name: "a new major version",
    family: "dependency",
    path: "package.json",
    diff: '-    "fast-xml": "^3.2.1",\n+    "fast-xml": "^4.0.0",',
  },
  {
    name: "reading past the cache",
    family: "cache",
    path: "catalog.go",
    diff: "-	item, err := s.cache.GetOrLoad(ctx, id, s.load)\n+	item, err := s.load(ctx, id)",
  },
  { name: "a map that only grows", family: "memory", path: "session.go", diff: "+	sessionCache[token] = user" },
  {
    name: "a pattern that may backtrack",
    family: "cpu",
    path: "validate.js",
    diff: "+const ok = new RegExp('^(a+)+$').test(input);",
  },
  { name: "an exit on failure", family: "startup", path: "main.go", diff: '+		log.Fatalf("bad config: %v", err)' },
  {
    name: "a field that readers know by another name",
    family: "decode",
    path: "OrderPlaced.java",
    diff: '-    @JsonProperty("customerId") String customerId,\n+    @JsonProperty("customer_id") String customerId,',
  },
  {
    name: "a route that went",
    family: "gone",
    path: "routes.go",
    diff: '-	r.GET("/v1/profiles/:id", h.get)\n 	r.GET("/v2/profiles/:id", h.get2)',
  },
  {
    name: "a permission that went from a list",
    family: "auth",
    path: "terraform/iam.tf",
    diff: '-    actions = ["s3:GetObject", "s3:PutObject"]\n+    actions = ["s3:GetObject"]',
  },
  {
    name: "a protocol that is no longer spoken",
    family: "tls",
    path: "ingress.yaml",
    diff: '-  ssl-protocols: "TLSv1.2 TLSv1.3"\n+  ssl-protocols: "TLSv1.3"',
  },
  { name: "a smaller integer", family: "wrong", path: "sum.go", diff: "-	var sum int64\n+	var sum int32" },
  {
    name: "another rounding",
    family: "wrong",
    path: "Vat.java",
    diff: "-    return net.multiply(rate).setScale(2, RoundingMode.HALF_UP);\n+    return Math.floor(net * rate);",
  },
  {
    name: "a local clock",
    family: "clock",
    path: "token.py",
    diff: "-    now = datetime.now(timezone.utc)\n+    now = datetime.now()",
  },
  {
    name: "a finer cache key",
    family: "cache",
    path: "thumbs.ts",
    diff: "-  const key = `thumb:${id}`;\n+  const key = `thumb:${id}:${agent}`;",
  },
  {
    name: "a pattern that repeats what repeats",
    family: "cpu",
    path: "email.ts",
    diff: "-const EMAIL = /^[^@]+@[^@]+$/;\n+const EMAIL = /^([a-z0-9.]+)+@[^@]+$/;",
  },
  {
    name: "threads made for each call",
    family: "memory",
    path: "Quote.java",
    diff: "-    return tax.get(basket);\n+    ExecutorService pool = Executors.newFixedThreadPool(2);\n+    return pool.submit(() -> tax.get(basket)).get();",
  },
  {
    name: "a job that runs more often",
    family: "query",
    path: "cronjob.yaml",
    diff: '-  schedule: "0 3 * * *"\n+  schedule: "*/2 * * * *"',
  },
  {
    name: "a talkative log, without quotes",
    family: "disk",
    path: "values.yaml",
    diff: "-  LOG_LEVEL: info\n+  LOG_LEVEL: trace",
  },
  {
    name: "a smaller heap on the command line",
    family: "memory",
    path: "Dockerfile",
    diff: '-ENV JAVA_OPTS="-Xmx3g"\n+ENV JAVA_OPTS="-Xmx512m"',
  },
  {
    name: "everything at once",
    family: "traffic",
    path: "run.ts",
    diff: "-  for (const chunk of chunks(users, 20)) await Promise.all(chunk.map(send));\n+  await Promise.all(users.map(send));",
  },
  {
    name: "a stricter isolation",
    family: "lock",
    path: "Book.java",
    diff: "-  @Transactional\n+  @Transactional(isolation = Isolation.SERIALIZABLE)",
  },
  {
    name: "a price in another form",
    family: "decode",
    path: "Line.java",
    diff: '-    return sku + price.toPlainString();\n+    return String.format("%s%.2f", sku, price);',
  },
  {
    name: "messages under another key",
    family: "queue",
    path: "Send.java",
    diff: "-    producer.send(of(click.session(), body));\n+    producer.send(of(click.tenant(), body));",
  },
  {
    name: "a minor version in Python",
    family: "dependency",
    path: "requirements.txt",
    diff: "-aiohttp==3.8.6\n+aiohttp==3.10.1",
  },
  {
    name: "a limit left to its default",
    family: "limit",
    path: "main.go",
    diff: "-	s := grpc.NewServer(grpc.MaxRateBurst(64))\n+	s := grpc.NewServer()",
  },
];

const HARMLESS: readonly { readonly name: string; readonly path: string; readonly diff: string }[] = [
  {
    name: "an error in other words",
    path: "errors.go",
    diff: '-	return errors.New("cant load")\n+	return errors.New("cannot load")',
  },
  {
    name: "a helper that was pulled out",
    path: "fetch.go",
    diff: "-	out, err := s.store.Read(key)\n-	if err != nil { return nil, err }\n-	return out, nil\n+	return s.read(key)\n+}\n+\n+func (s *S) read(key string) ([]byte, error) {\n+	out, err := s.store.Read(key)\n+	if err != nil { return nil, err }\n+	return out, nil",
  },
  { name: "a patch version", path: "go.mod", diff: "-	github.com/x/y v1.5.4\n+	github.com/x/y v1.5.5" },
  { name: "a renamed variable", path: "tax.py", diff: "-    amt = net * rate\n+    amount = net * rate" },
  { name: "a colour", path: "theme.ts", diff: '-  accent: "#3b82f6",\n+  accent: "#2563eb",' },
];

describe("what a change can bring about", () => {
  it.each(GUILTY)("$name can bring about $family", ({ family, path, diff }) => {
    expect(brings(family, path, diff)).toBeGreaterThanOrEqual(0.4);
  });

  it.each(HARMLESS)("$name can bring about next to nothing", ({ path, diff }) => {
    const strongest = mechanismsOf(diff, [path]).map(
      ({ strength, brings: all }) => strength * Math.max(0, ...Object.values(all)),
    );
    expect(Math.max(0, ...strongest)).toBeLessThan(0.4);
  });

  it("takes a change in the other direction as another trouble", () => {
    const diff = "-pool_size: 4\n+pool_size: 40";
    expect(brings("pool", "db.yaml", diff)).toBeLessThan(brings("pool", "db.yaml", "-pool_size: 40\n+pool_size: 4") / 2);
  });
});

it.each([
  { name: "its name gives it away", diff: "-  DB_PASS: hunter2abc\n+  DB_PASS: swordfish9x" },
  { name: "its name says what it is", diff: "-  api_token: hunter2abc\n+  api_token: swordfish9x" },
  {
    name: "it stands inside an address",
    diff: '-  url: "https://ada:hunter2abc@db.shop.example"\n+  url: "https://ada:swordfish9x@db.shop.example"',
  },
])("quotes no value of a setting that is a secret: $name", ({ diff }) => {
  const told = mechanismsOf(diff, ["values.yaml"]).map(({ what }) => what);
  expect(told).not.toEqual([]);
  expect(told.join("\n")).not.toMatch(/hunter2abc|swordfish9x/);
});

it.each([
  { diff: "-  redisAuth: hunter2abc\n+  redisAuth: swordfish9", path: "values.yaml" },
  { diff: "-  pin: 4711\n+  pin: 8812", path: "values.yaml" },
  { diff: "-TOTP_SEED=JBSWY3DPEHPK3PXP\n+TOTP_SEED=KBSWY3DPEHPK3PXP", path: "app.env" },
  { diff: "-url: https://in.example.com/x/9f8e7d6c5b4a3928\n+url: https://in.example.com/x/1f8e7d6c5b4a3928", path: "a.yaml" },
  { diff: "-const h = {'X-Api': 'abcd1234'}\n+const h = {'X-Api': 'zzzz1234'}", path: "a.ts" },
])("quotes no value that its name or its looks give away: $diff", ({ diff, path }) => {
  const said = mechanismsOf(diff, [path]).map(({ what }) => what);
  expect(said.length).toBeGreaterThan(0);
  expect(said.join("\n")).not.toMatch(/hunter|swordfish|4711|8812|BSWY|f8e7|1234/);
});

it("reads long lines in no time", () => {
  const long = "-1".repeat(90_000);
  const started = performance.now();
  for (const path of ["values.yaml", "Dockerfile", "a.ts"]) mechanismsOf(`-x: ${long}\n+x: "--${long}`, [path]);
  expect(performance.now() - started).toBeLessThan(2_000);
});

describe("what kind of change it is", () => {
  it("takes a list of packages for no document", () => {
    expect(judgeNature({ files: ["app/requirements.txt"], diff: "-aiohttp==3.8.6\n+aiohttp==3.10.1" }).factor).toBe(1);
  });

  it.each([
    { name: "documents", files: ["docs/run.md", "README.md"], diff: null },
    { name: "tests", files: ["pkg/cart/cart_test.go"], diff: "+func TestX(t *testing.T) {}" },
    { name: "the pipeline", files: [".github/workflows/ci.yml"], diff: "+  cache: true" },
    { name: "style sheets", files: ["web/shop.css"], diff: "-a { top: 1px }\n+a { top: 2px }" },
    { name: "comments", files: ["pkg/a.go"], diff: "-// old words\n+// new words" },
    { name: "layout", files: ["pkg/a.go"], diff: "-  a:=1\n+    a := 1" },
    { name: "log lines", files: ["pkg/a.go"], diff: '-	log.Debug("x")\n+	log.Info("x", "n", n)' },
    { name: "another environment", files: ["deploy/staging/tls.yaml"], diff: "-a: 1\n+a: 2" },
  ])("$name hardly count", ({ files, diff }) => {
    expect(judgeNature({ files, diff }).factor).toBeLessThanOrEqual(0.1);
    expect(judgeNature({ files, diff }).why).not.toBeNull();
  });

  it("code beside its tests counts in full", () => {
    expect(judgeNature({ files: ["pkg/a.go", "pkg/a_test.go"], diff: "-	return 1\n+	return 2" }).factor).toBe(1);
  });
});
