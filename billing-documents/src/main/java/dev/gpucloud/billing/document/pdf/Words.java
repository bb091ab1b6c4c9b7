package dev.gpucloud.billing.document.pdf;

import dev.gpucloud.billing.document.invoice.InvoiceLine;
import dev.gpucloud.billing.invoice.engine.BillingMode;
import dev.gpucloud.billing.invoice.engine.LineCategory;
import dev.gpucloud.billing.invoice.engine.TaxType;

/** Every word that is printed, in both languages. */
enum Words {
  SUPPLIER("공급자", "Supplier"),
  RECIPIENT("공급받는 자", "Bill to"),
  ISSUER("발행인", "Issued by"),
  ADDRESSEE("수신인", "Issued to"),
  BUSINESS_NUMBER("등록번호", "Business no."),
  NAME("상호", "Name"),
  REPRESENTATIVE("대표자", "Representative"),
  ADDRESS("주소", "Address"),
  BUSINESS("업태 / 종목", "Type / item"),
  EMAIL("이메일", "E-mail"),
  NUMBER("청구서 번호", "Number"),
  MONTH("청구 월", "Billing month"),
  WRITE_DATE("작성일자", "Write date"),
  DUE_DATE("납부 기한", "Due date"),
  ITEM("항목", "Item"),
  CATEGORY("구분", "Kind"),
  QUANTITY("수량", "Quantity"),
  SUPPLY_VALUE_WON("공급가액 (원)", "Supply value (KRW)"),
  VAT_WON("세액 (원)", "VAT (KRW)"),
  AMOUNT_WON("금액 (원)", "Amount (KRW)"),
  SUPPLY_VALUE("공급가액", "Supply value"),
  VAT("부가가치세", "VAT"),
  TOTAL("합계", "Total"),
  PREPAID("선불 크레딧 사용", "Paid from prepaid credit"),
  AMOUNT_DUE("납부하실 금액", "Amount due"),
  SUBTOTAL("소계", "Subtotal"),
  ACCOUNT_LINES("계정 공통", "Account"),
  PROJECT("프로젝트", "Project"),
  CREDITS("적용된 프로모션 크레딧", "Promotional credits applied"),
  CREDITS_NOTE("위 공급가액은 크레딧을 차감한 금액입니다.", "Supply values above are net of these credits."),
  STATEMENT_CREDITS_NOTE("위 금액은 크레딧을 차감한 금액입니다.", "Amounts above are net of these credits."),
  ROUNDING_NOTE(
      "항목별 금액은 상세 내역의 합을 1원 단위로 반올림한 값입니다. 반올림 전 금액은 부록에 있습니다.",
      "Each line is the sum of its exact rows, rounded once to 1 won. The appendix shows the unrounded amounts."),
  INCLUSIVE_NOTE(
      "단가에는 부가가치세가 포함되어 있습니다.",
      "Unit prices include VAT; the exact amounts in the appendix do too."),
  APPENDIX("부록 · 인스턴스별 상세 내역", "Appendix · Exact breakdown by instance"),
  APPENDIX_NOTE(
      "기간은 서울 시각(KST) 기준이며, 금액은 반올림 전 원 단위입니다.",
      "Periods are in Seoul time (KST); amounts are unrounded won."),
  ESTIMATED("(추정)", "(est.)"),
  ESTIMATE_NOTE(
      "(추정): 종료가 확인되지 않아 마지막으로 동작이 확인된 시각에 1분을 더한 시각이며, 실제 종료가 확인되면 정정합니다.",
      "(est.): the end is not proven; it is the last sign of life and a minute. A true end corrects it later."),
  LINE("항목", "Line"),
  INSTANCE("인스턴스", "Instance"),
  PERIOD("사용 기간", "Period"),
  SECONDS("과금 초", "Seconds"),
  GPUS("GPU", "GPUs"),
  PRICE_VERSION("단가 버전", "Price ver."),
  UNIT_PRICE("시간당 단가", "Price / hour"),
  EXACT_WON("반올림 전 금액 (원)", "Unrounded (KRW)"),
  COVERED("약정 사용", "committed"),
  FIXED_AMOUNT("고정 금액", "Amount of the line itself"),
  ROUNDING("반올림", "Rounding"),
  LINE_TOTAL("항목 금액", "Line amount"),
  CREDIT("크레딧", "credit");

  private final String ko;
  private final String en;

  Words(String ko, String en) {
    this.ko = ko;
    this.en = en;
  }

  String in(Language language) {
    return language == Language.KO ? ko : en;
  }

  static String title(BillingMode mode, Language language) {
    boolean korean = language == Language.KO;
    return switch (mode) {
      case EXTERNAL, GROUP_SERVICE -> korean ? "청구서" : "Invoice";
      case COST_SHARE -> korean ? "공동경비 정산서" : "Cost share statement";
      case SHOWBACK -> korean ? "사용 내역서" : "Usage report";
    };
  }

  static String category(LineCategory category, Language language) {
    boolean korean = language == Language.KO;
    return switch (category) {
      case USAGE -> korean ? "사용" : "Usage";
      case COMMITMENT_FEE -> korean ? "약정 요금" : "Commitment";
      case UNUSED -> korean ? "미사용 약정" : "Unused";
      case OVERAGE -> korean ? "약정 초과" : "Overage";
      case TRUE_UP -> korean ? "약정 부족분" : "True-up";
      case CREDIT -> korean ? "크레딧" : "Credit";
      case SLA -> korean ? "SLA 보상" : "SLA credit";
      case CORRECTION -> korean ? "정정" : "Correction";
    };
  }

  static String vat(TaxType type, Language language) {
    return VAT.in(language)
        + " ("
        + (type == TaxType.TAXED ? "10%" : taxType(type, language))
        + ")";
  }

  static String supplyValue(TaxType type, Language language) {
    return SUPPLY_VALUE.in(language) + " (" + taxType(type, language) + ")";
  }

  static String taxType(TaxType type, Language language) {
    boolean korean = language == Language.KO;
    return switch (type) {
      case TAXED -> korean ? "과세" : "taxed";
      case ZERO_RATED -> korean ? "영세율" : "zero-rated";
      case EXEMPT -> korean ? "면세" : "exempt";
      case OUT_OF_SCOPE -> korean ? "과세 대상 아님" : "not a supply";
    };
  }

  static String description(InvoiceLine line, Language language) {
    return language == Language.KO ? line.koreanDescription() : line.description();
  }

  static String unit(InvoiceLine.Unit unit, Language language) {
    boolean korean = language == Language.KO;
    return switch (unit) {
      case GPU_HOUR -> korean ? " GPU시간" : " GPU-h";
      case INSTANCE_HOUR -> korean ? " 대·시간" : " instance-h";
      case NONE -> "";
    };
  }
}
