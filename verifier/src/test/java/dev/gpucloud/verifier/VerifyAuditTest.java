package dev.gpucloud.verifier;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.Signature;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A small log, and everything that can be done to it unseen only by nobody. */
class VerifyAuditTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path folder;

  private final List<String> export = new ArrayList<>();
  private final List<String> checkpoints = new ArrayList<>();
  private final List<String> hashes = new ArrayList<>();
  private KeyPair key;

  @BeforeEach
  void aLogOfSixEntriesWithTwoCheckpoints() throws Exception {
    key = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    hashes.add("0".repeat(64));
    export.add(
        "{\"format\":\"gpucloud-audit-export-1\",\"after\":0,\"afterHash\":\"%s\"}"
            .formatted(hashes.getFirst()));
    for (int n = 1; n <= 6; n++) {
      append("CHANGE", "{\"action\":\"host.move\",\"n\":" + n + "}");
    }
    checkpoints.add(checkpoint(3));
    checkpoints.add(checkpoint(6));
  }

  @Test
  void aLogThatNobodyTouchedIsWhole() throws Exception {
    assertThat(verify()).isEqualTo("0 whole: 6 entries, 2 checkpoints met");
  }

  @Test
  void nothingIsProvedWithoutACheckpoint() throws Exception {
    checkpoints.clear();

    assertThat(verify()).startsWith("1 no checkpoint signs an entry of the export");
  }

  @Test
  void findsAChangedEntry() throws Exception {
    export.set(4, export.get(4).replace("host.move", "host.look"));

    assertThat(verify()).startsWith("1 entry 4: changed, it is not what was hashed");
  }

  @Test
  void findsAChangedEntryWhoseHashWasMadeAnew() throws Exception {
    ObjectNode row = (ObjectNode) JSON.readTree(export.get(4));
    String forged = row.path("entry").asText().replace("host.move", "host.look");
    row.put("entry", forged).put("entryHash", sha256(forged));
    export.set(4, JSON.writeValueAsString(row));

    assertThat(verify()).startsWith("1 entry 4: changed, its hash does not follow");
  }

  @Test
  void findsAChainThatWasMadeAnewFromTheChangeOn() throws Exception {
    hashes.subList(4, hashes.size()).clear();
    export.subList(4, export.size()).clear();
    for (int n = 4; n <= 6; n++) {
      append("CHANGE", "{\"action\":\"host.look\",\"n\":" + n + "}");
    }

    assertThat(verify()).startsWith("1 entry 6: a checkpoint signs another hash");
  }

  @Test
  void findsARemovedEntry() throws Exception {
    export.remove(4);

    assertThat(verify()).startsWith("1 entry 4: removed, as all before 5");
  }

  @Test
  void findsTwoSwappedEntries() throws Exception {
    Collections.swap(export, 4, 5);

    assertThat(verify()).contains("entry 4: swapped, it stands after 5");
  }

  @Test
  void findsACutTail() throws Exception {
    export.subList(5, export.size()).clear();

    assertThat(verify())
        .startsWith("1 entry 5: the export ends at 4, a checkpoint of 2026-")
        .contains(
            " signs 6: the tail was cut, or the export is older than this checkpoint; export again,"
                + " or say --through 4 if you noted that it ended there");
  }

  @Test
  void anExportOlderThanACheckpointIsWholeThroughTheEntryThatWasNoted() throws Exception {
    export.subList(5, export.size()).clear();

    assertThat(verify("4"))
        .isEqualTo(
            "0 not judged: 1 checkpoints after entry 4\nwhole: 4 entries, 1 checkpoints met");
  }

  @Test
  void findsATailCutBeforeTheEntryThatWasNoted() throws Exception {
    export.subList(5, export.size()).clear();

    assertThat(verify("5"))
        .startsWith("1 entry 5: the tail was cut, the export ends at 4 and was to go through 5");
  }

  @Test
  void anExportThatGoesOnBehindTheNotedEntryIsJudgedWhole() throws Exception {
    export.set(6, export.get(6).replace("host.move", "host.look"));

    assertThat(verify("4")).startsWith("1 entry 6: changed");
  }

  @Test
  void refusesALastEntryThatIsNoNumber() throws Exception {
    assertThat(verify("0")).startsWith("2 cannot check: the last entry is a number from 1, not 0");
  }

  @Test
  void findsACheckpointOfAnotherKey() throws Exception {
    String signer = keyId();
    key = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();

    assertThat(verify())
        .isEqualTo(
            "1 2 checkpoints, from 3 to 6: signed with the key %s, and the key given is %s: give that key, or the checkpoints of the log whose key this is\nnot whole: 1 differences"
                .formatted(signer, keyId()));
  }

  @Test
  void findsACheckpointThatWasChanged() throws Exception {
    checkpoints.set(0, checkpoints.getFirst().replace("\"count\":3", "\"count\":4"));

    assertThat(verify())
        .startsWith("1 checkpoint 4: changed since the key %s signed it".formatted(keyId()));
  }

  @Test
  void saysWhatWasGivenForTheCheckpoints() throws Exception {
    List<String> whole = List.copyOf(checkpoints);
    checkpoints.clear();
    checkpoints.addAll(export);
    assertThat(verify())
        .startsWith("2 cannot check: line 1 of the checkpoints is one of an export");
    checkpoints.clear();
    checkpoints.addAll(List.of(whole.getFirst(), "{\"at\":\"2026-11-02T01:02:03Z\"}"));
    assertThat(verify())
        .startsWith(
            "2 cannot check: line 2 of the checkpoints is no checkpoint, it lacks hash, keyId, signature");
    checkpoints.set(1, "rubbish");
    assertThat(verify()).startsWith("2 cannot check: line 2 of the checkpoints is no JSON");
  }

  @Test
  void saysWhatWasGivenForTheExport() throws Exception {
    export.clear();
    export.addAll(checkpoints);
    assertThat(verify()).startsWith("2 cannot check: the export is a checkpoint file");
  }

  @Test
  void contentThatWasDroppedAndToldIsNoDifference() throws Exception {
    drop(2);
    assertThat(verify()).startsWith("1 entry 2: what it said is missing");

    append(
        "SECURITY",
        "{\"action\":\"audit.content.drop\",\"after\":{\"category\":\"CHANGE\",\"through\":3},"
            + "\"source\":\"/tenant-service/audit\"}");
    assertThat(verify()).startsWith("0 whole: 7 entries");

    drop(5);
    assertThat(verify()).startsWith("1 entry 5: what it said is missing");
  }

  @Test
  void anExportOfTheLaterPartIsProvedByTheCheckpointBeforeIt() throws Exception {
    export.subList(0, 4).clear();
    export.addFirst(
        "{\"format\":\"gpucloud-audit-export-1\",\"after\":3,\"afterHash\":\"%s\"}"
            .formatted(hashes.get(3)));
    assertThat(verify()).startsWith("0 whole: 6 entries, 1 checkpoints met");

    checkpoints.removeFirst();
    assertThat(verify()).startsWith("1 entry 3: the export begins behind it");
  }

  @Test
  void saysWhatItCannotRead() throws Exception {
    export.set(0, "no json");

    assertThat(verify()).startsWith("2 cannot check: a line is no JSON");
  }

  private void drop(int sequence) throws IOException {
    ObjectNode row = (ObjectNode) JSON.readTree(export.get(sequence));
    export.set(sequence, JSON.writeValueAsString(row.putNull("entry")));
  }

  private void append(String category, String entry) throws Exception {
    int sequence = hashes.size();
    String entryHash = sha256(entry);
    String hash =
        sha256(
            "gpucloud-audit-1\n%d\n%s\n%s\n%s"
                .formatted(sequence, category, hashes.getLast(), entryHash));
    hashes.add(hash);
    export.add(
        JSON.writeValueAsString(
            JSON.createObjectNode()
                .put("sequence", sequence)
                .put("category", category)
                .put("entryHash", entryHash)
                .put("hash", hash)
                .put("entry", entry)));
  }

  private String keyId() throws GeneralSecurityException {
    return HexFormat.of()
        .formatHex(MessageDigest.getInstance("SHA-256").digest(key.getPublic().getEncoded()))
        .substring(0, 16);
  }

  private String checkpoint(int count) throws Exception {
    String at = "2026-11-02T01:02:03Z";
    Signature signature = Signature.getInstance("Ed25519");
    signature.initSign(key.getPrivate());
    signature.update(
        "gpucloud-audit-checkpoint-1\n%d\n%s\n%s\n%s"
            .formatted(count, hashes.get(count), at, keyId())
            .getBytes(StandardCharsets.UTF_8));
    return JSON.writeValueAsString(
        JSON.createObjectNode()
            .put("count", count)
            .put("hash", hashes.get(count))
            .put("at", at)
            .put("keyId", keyId())
            .put("signature", Base64.getEncoder().encodeToString(signature.sign())));
  }

  private String verify(String... through) throws IOException {
    Path exported = Files.write(folder.resolve("export.jsonl"), export);
    Path signed = Files.write(folder.resolve("checkpoints.jsonl"), checkpoints);
    var out = new StringWriter();
    int code =
        VerifyAudit.run(
            Stream.concat(
                    Stream.of(
                        exported.toString(),
                        signed.toString(),
                        Base64.getEncoder().encodeToString(key.getPublic().getEncoded())),
                    Stream.of(through))
                .toArray(String[]::new),
            new PrintWriter(out, true));
    return code + " " + out.toString().strip();
  }

  private static String sha256(String text) throws GeneralSecurityException {
    return HexFormat.of()
        .formatHex(
            MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
  }
}
