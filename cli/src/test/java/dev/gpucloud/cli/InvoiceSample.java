package dev.gpucloud.cli;

/** An invoice as billing answers it, and as it is printed. */
final class InvoiceSample {
  static final String JSON =
      """
      {"id":"inv_1","number":"2026-11-000001","month":"2026-11","state":"ISSUED",
       "tenant":{"id":"ten_1","slug":"sk-hynix","name":"SK hynix"},
       "account":{"name":"SK hynix","businessNumber":"000-00-00015"},
       "lines":[{"lineNumber":1,"description":"B200 on demand","project":{"id":"prj_1","slug":"fab"},
         "sku":"b200.od","priceVersion":"v1","quantity":"0.017","unit":"GPU_HOUR",
         "exactAmount":"90.4","roundingAmount":"-0.4","amount":{"amount":"90","currency":"KRW"},
         "details":[{"instance":{"id":"ins_1","name":"train","instanceType":"b200.8x"},
           "start":"2026-11-02T00:00:00Z","end":"2026-11-02T00:01:00Z","billedSeconds":"60","gpus":8,
           "priceVersion":"v1","unitPrice":"5400","exactAmount":"90.4"}]}],
       "supplyValue":{"amount":"90","currency":"KRW"},"vat":{"amount":"9","currency":"KRW"},
       "total":{"amount":"99","currency":"KRW"},"version":4}""";

  static final String TEXT =
      """
      Invoice 2026-11-000001  2026-11  ISSUED
      to SK hynix (000-00-00015)

      LINE  DESCRIPTION     PROJECT  SKU      PRICE  QUANTITY  UNIT      KRW
         1  B200 on demand  fab      b200.od  v1        0.017  GPU_HOUR   90
            INSTANCE  FROM (SEOUL)         TO (SEOUL)           SECONDS  GPUS  PRICE  KRW/UNIT  EXACT KRW
            train     2026-11-02 09:00:00  2026-11-02 09:01:00       60     8  v1        5,400       90.4
            rounding                                                                                 -0.4

      TOTALS        KRW
      supply value   90
      VAT             9
      total          99
      """;

  private InvoiceSample() {}
}
