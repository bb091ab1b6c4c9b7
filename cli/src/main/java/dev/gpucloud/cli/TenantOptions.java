package dev.gpucloud.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options that say what a tenant is: as it is opened, or where it is to change. */
final class TenantOptions {
  private static final Pattern CONTACT = Pattern.compile("(.*?)\\s*<([^<>]+)>");

  @Mixin private final RequestFile file = new RequestFile();

  @Option(
      names = {"-n", "--name"},
      paramLabel = "NAME",
      description = "Its name.")
  private @Nullable String name;

  @Option(
      names = "--parent",
      paramLabel = "TENANT",
      description = "The tenant above, by its slug; 'none' for the top.")
  private @Nullable String parent;

  @Option(
      names = "--segment",
      paramLabel = "SEGMENT",
      description = "EXTERNAL alone: ENTERPRISE, STARTUP, ACADEMIA, RESEARCH or GOVERNMENT.")
  private @Nullable String segment;

  @Option(
      names = "--billing-mode",
      paramLabel = "MODE",
      description = "EXTERNAL, GROUP_SERVICE, COST_SHARE or SHOWBACK.")
  private @Nullable String billingMode;

  @Option(
      names = "--business-number",
      paramLabel = "NUMBER",
      description = "Of who is billed, such as 000-00-00048; 'none' takes it away.")
  private @Nullable String businessNumber;

  @Option(
      names = "--shares-account-with",
      paramLabel = "TENANT",
      description =
          "A tenant that has the same business number: both are one company with one billing"
              + " account.")
  private @Nullable String sharesAccountWith;

  @Option(
      names = "--billing-contact",
      paramLabel = "CONTACT",
      description = "Where bills go: an e-mail address, or 'Name <address>'; 'none' for nowhere.")
  private @Nullable String billingContact;

  @Option(
      names = "--technical-contact",
      paramLabel = "CONTACT",
      description = "Whom to tell of faults, in the same form.")
  private @Nullable String technicalContact;

  @Option(
      names = "--security-contact",
      paramLabel = "CONTACT",
      description = "Whom to tell of incidents, in the same form.")
  private @Nullable String securityContact;

  @Option(
      names = "--country",
      paramLabel = "CODE",
      description = "Its instances run in this country alone, such as KR; 'none' for anywhere.")
  private @Nullable String country;

  @Option(
      names = "--csap-zone",
      paramLabel = "ZONE",
      description = "Its instances run at sites of at least this CSAP zone: low, medium or high.")
  private @Nullable String csapZone;

  @Option(
      names = "--when-suspended",
      paramLabel = "HOURS",
      description = "Stop its instances so many hours after a suspension; 'keep' lets them run.")
  private @Nullable String whenSuspended;

  /** The fields of the file with those of the options in their places. */
  ObjectNode body(CliContext context) {
    ObjectNode body = file.body(context);
    ApiCommand.put(body, "name", name);
    ApiCommand.putOrClear(body, "parent", parent);
    ApiCommand.putOrClear(body, "segment", segment);
    ApiCommand.put(body, "billingMode", billingMode);
    ApiCommand.putOrClear(body, "businessNumber", businessNumber);
    ApiCommand.put(body, "sharesAccountWith", sharesAccountWith);
    putContacts(body);
    if ("none".equals(country)) {
      body.putNull("residency");
    } else if (country != null || csapZone != null) {
      ObjectNode residency = body.putObject("residency");
      ApiCommand.put(residency, "country", country);
      ApiCommand.put(residency, "minCsapZone", csapZone);
    }
    if (whenSuspended != null) {
      putPolicy(body.putObject("suspensionPolicy"), whenSuspended);
    }
    return body;
  }

  private void putContacts(ObjectNode body) {
    Map<String, @Nullable String> given = new TreeMap<>();
    given.put("billing", billingContact);
    given.put("technical", technicalContact);
    given.put("security", securityContact);
    given.forEach(
        (use, contact) -> {
          if ("none".equals(contact)) {
            body.withObjectProperty("contacts").putNull(use);
          } else if (contact != null) {
            putContact(body.withObjectProperty("contacts").putObject(use), contact);
          }
        });
  }

  private static void putContact(ObjectNode body, String contact) {
    Matcher named = CONTACT.matcher(contact);
    if (named.matches()) {
      body.put("name", named.group(1)).put("email", named.group(2));
    } else {
      body.put("email", contact);
    }
  }

  private static void putPolicy(ObjectNode policy, String whenSuspended) {
    if (whenSuspended.equals("keep")) {
      policy.put("running", "KEEP");
      return;
    }
    try {
      policy.put("running", "STOP_AFTER").put("noticeHours", Integer.parseInt(whenSuspended));
    } catch (NumberFormatException e) {
      throw new CliException(
          ExitCode.USAGE, "--when-suspended is hours or 'keep', not " + whenSuspended + ".");
    }
  }
}
