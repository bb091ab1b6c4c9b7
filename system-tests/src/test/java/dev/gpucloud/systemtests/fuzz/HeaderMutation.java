package dev.gpucloud.systemtests.fuzz;

import java.util.List;

/** What may be wrong with headers, as lines and as HTTP. */
enum HeaderMutation implements Mutation {
  IF_MATCH {
    @Override
    public void apply(Draft draft, Dice dice) {
      draft.set(
          "If-Match",
          dice.of(
              List.of(
                  "",
                  "\"\"",
                  "*",
                  "W/\"1\"",
                  "1",
                  "\"1",
                  "\"-1\"",
                  "\"0\"",
                  "\"1.5\"",
                  "\"abc\"",
                  "\"1\", \"2\"",
                  "\"9223372036854775808\"",
                  "\"99999999999999999999999\"",
                  "\"\u00e9\"",
                  "\"\u0660\"",
                  "\"" + "1".repeat(3_000) + "\"")));
      if (dice.percent(20)) {
        draft.headers.add(new Draft.Header("If-Match", "\"3\""));
      }
    }
  },
  IDEMPOTENCY_KEY {
    @Override
    public void apply(Draft draft, Dice dice) {
      draft.remove("Idempotency-Key");
      if (dice.percent(85)) {
        String key =
            dice.of(
                List.of(
                    "",
                    " ",
                    "a",
                    "a b",
                    "same-for-all",
                    "\u00e9\u00ff",
                    "\t",
                    "a\tb",
                    "'; DROP TABLE tenants; --",
                    "x".repeat(128),
                    "x".repeat(129),
                    "x".repeat(5_000)));
        draft.headers.add(new Draft.Header("Idempotency-Key", key));
      }
      if (dice.percent(15)) {
        draft.headers.add(new Draft.Header("Idempotency-Key", "another"));
      }
    }
  },
  ACCEPT {
    @Override
    public void apply(Draft draft, Dice dice) {
      draft.set(
          "Accept",
          dice.of(
              List.of(
                  "",
                  "text/html",
                  "application/xml",
                  "application/json;q=0",
                  "*/*;q=0",
                  "*/*;q=abc",
                  "*/*;q=99",
                  "garbage",
                  "/",
                  "a/b/c",
                  ",,,",
                  "application/json;charset=\u00e9",
                  "text/csv",
                  "application/problem+json",
                  "application/pdf",
                  "application/json;",
                  "application/json;=",
                  "*",
                  "application/*",
                  "text/event-stream",
                  "a/b,".repeat(1_000))));
    }
  },
  CONTENT_TYPE {
    @Override
    public boolean fits(Draft draft) {
      return draft.hasBody();
    }

    @Override
    public void apply(Draft draft, Dice dice) {
      draft.remove("Content-Type");
      if (dice.percent(90)) {
        draft.headers.add(
            new Draft.Header(
                "Content-Type",
                dice.of(
                    List.of(
                        "",
                        "text/plain",
                        "text/csv",
                        "application/xml",
                        "application/yaml",
                        "application/x-www-form-urlencoded",
                        "multipart/form-data",
                        "multipart/form-data; boundary=x",
                        "application/octet-stream",
                        "application/json; charset=utf-16",
                        "application/json; charset=latin1",
                        "application/json; charset=nonsense",
                        "application/json; charset=",
                        "application/json;",
                        "application/problem+json",
                        "application/merge-patch+json",
                        "application",
                        "/",
                        "*/*",
                        "garbage;;;=",
                        "application/json, text/plain",
                        "application/\u00e9"))));
      }
    }
  },
  LANGUAGE {
    @Override
    public void apply(Draft draft, Dice dice) {
      draft.set(
          "Accept-Language",
          dice.of(List.of("", "*", "ko", "xx-" + "y".repeat(500), "\u00e9", "en;q=abc", "a_b,;=")));
    }
  },
  CODING {
    @Override
    public void apply(Draft draft, Dice dice) {
      if (dice.percent(50)) {
        draft.set(
            "Content-Encoding", dice.of(List.of("gzip", "br", "deflate", "identity", "nonsense")));
      } else {
        draft.set(
            "Accept-Encoding", dice.of(List.of("gzip", "*;q=0", "identity;q=0", "nonsense", "")));
      }
    }
  },
  AUTHORIZATION {
    @Override
    public void apply(Draft draft, Dice dice) {
      draft.set(
          "Authorization",
          dice.of(
              List.of(
                  "",
                  "Bearer",
                  "Bearer ",
                  "Bearer a",
                  "Bearer a.b.c",
                  "Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJhIn0.",
                  "Bearer eyJhbGciOiJSUzI1NiJ9.bm90IGpzb24.AAAA",
                  "Bearer " + "x".repeat(10_000),
                  "Bearer gck_",
                  "Bearer gck_01a201580300796cb39050cdf4b4e19a_" + "x".repeat(49),
                  "Bearer gck_\u00e9",
                  "Basic YTpi",
                  "Digest a=b",
                  "Bearer \u00e9\u00ff",
                  "Negotiate " + "A".repeat(1_000))));
    }
  },
  ODD {
    @Override
    public void apply(Draft draft, Dice dice) {
      draft.headers.add(
          dice.of(
              List.of(
                  new Draft.Header("Range", "bytes=0-1"),
                  new Draft.Header("Range", "bytes=-99999999999999999999"),
                  new Draft.Header("X-Request-Id", "a b"),
                  new Draft.Header("X-Request-Id", "a:1"),
                  new Draft.Header("X-Request-Id", "x".repeat(3_000)),
                  new Draft.Header("X-Request-Id", "\u00e9<script>"),
                  new Draft.Header("traceparent", "00-zz-zz-zz"),
                  new Draft.Header("traceparent", "x".repeat(2_000)),
                  new Draft.Header("tracestate", "=,=,=" + "a=b,".repeat(300)),
                  new Draft.Header("baggage", "a=%zz,;=="),
                  new Draft.Header("X-Forwarded-For", "not an address, \u00e9"),
                  new Draft.Header("X-Forwarded-Host", "x.invalid:99999999"),
                  new Draft.Header("X-Forwarded-Proto", "gopher"),
                  new Draft.Header("Forwarded", "for=\"_;;\";proto=,"),
                  new Draft.Header("X-HTTP-Method-Override", "DELETE"),
                  new Draft.Header("Upgrade", "websocket"),
                  new Draft.Header("Upgrade", "h2c"),
                  new Draft.Header("Connection", "upgrade, authorization, x-request-id"),
                  new Draft.Header("Cookie", "a=" + "b".repeat(2_000)),
                  new Draft.Header("Origin", "null"),
                  new Draft.Header("Origin", "http://x.invalid"),
                  new Draft.Header("Last-Event-ID", "-1:999999999999999999999"),
                  new Draft.Header("Last-Event-ID", "\u00e9"),
                  new Draft.Header("If-None-Match", "\"1\", *, W/"),
                  new Draft.Header("If-Modified-Since", "yesterday"),
                  new Draft.Header("Date", "never"),
                  new Draft.Header("X-Large", "x".repeat(9_000)),
                  new Draft.Header("X-Large", "x".repeat(17_000)),
                  new Draft.Header("X-Large", "x".repeat(40_000)),
                  new Draft.Header("X-GpuCloud-Tenant", "sk-hynix"),
                  new Draft.Header("TE", "trailers"))));
    }
  },
  /** Not HTTP any more: its parser may answer, or hang up. */
  FRAMING {
    @Override
    public void apply(Draft draft, Dice dice) {
      draft.notHttp = true;
      switch (dice.below(9)) {
        case 0 -> length(draft, dice);
        case 1 -> {
          draft.framed = false;
          draft.set(
              "Transfer-Encoding",
              dice.of(List.of("chunked, chunked", "gzip", "identity", "xchunked", "chunked;a")));
        }
        case 2 -> {
          draft.set("Transfer-Encoding", "chunked"); // beside a Content-Length
          draft.raw("0\r\n\r\n");
        }
        case 3 -> {
          draft.framed = false;
          draft.set("Transfer-Encoding", "chunked");
          draft.raw(dice.of(List.of("zz\r\n{}\r\n0\r\n\r\n", "-1\r\n\r\n", "2\r\n{}0\r\n\r\n")));
        }
        case 4 ->
            draft.version =
                dice.of(
                    List.of("HTTP/1.0", "HTTP/0.9", "HTTP/2.0", "HTTP/9.9", "HTTP", "XTTP/1.1"));
        case 5 ->
            draft.headers.add(
                dice.of(
                    List.of(
                        new Draft.Header("", "no name"),
                        new Draft.Header("a b", "c"),
                        new Draft.Header("X-Null", "a\u0000b"),
                        new Draft.Header("X-Fold", "a\r\n b"),
                        new Draft.Header("\u00e9", "c"),
                        new Draft.Header("X-Bell", "\u0007"))));
        case 6 ->
            draft.set(
                "Host",
                dice.of(
                    List.of("", "a b", "x.invalid", "127.0.0.1:99999", "\u00e9", "a,b", "[::")));
        case 7 -> draft.headers.add(new Draft.Header("X-Large", "x".repeat(70_000)));
        default -> {
          for (int i = 0; i < 2_000; i++) {
            draft.headers.add(new Draft.Header("X-" + i, "a"));
          }
        }
      }
    }

    private void length(Draft draft, Dice dice) {
      draft.framed = false;
      draft.set(
          "Content-Length",
          dice.of(
              List.of(
                  "-1",
                  "abc",
                  "",
                  "+5",
                  "0x5",
                  "5,6",
                  "99999999999999999999",
                  "1.5",
                  " ",
                  "2000000")));
      if (dice.percent(25)) {
        draft.headers.add(new Draft.Header("Content-Length", "7"));
      }
    }
  };

  @Override
  public boolean fits(Draft draft) {
    return true;
  }
}
