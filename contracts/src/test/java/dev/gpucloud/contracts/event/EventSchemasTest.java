package dev.gpucloud.contracts.event;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.victools.jsonschema.generator.CustomDefinition;
import com.github.victools.jsonschema.generator.Option;
import com.github.victools.jsonschema.generator.OptionPreset;
import com.github.victools.jsonschema.generator.SchemaGenerator;
import com.github.victools.jsonschema.generator.SchemaGeneratorConfigBuilder;
import com.github.victools.jsonschema.generator.SchemaVersion;
import com.github.victools.jsonschema.module.jackson.JacksonModule;
import com.github.victools.jsonschema.module.jackson.JacksonOption;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion;
import dev.gpucloud.contracts.id.TypedId;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The JSON Schemas of the facts, made from their records and committed beside them for readers in
 * other languages. After a change run {@code ./mvnw -pl contracts test -Dgpucloud.docs.write=true}.
 */
class EventSchemasTest {
  private static final Path FOLDER =
      Path.of("src/main/resources/dev/gpucloud/contracts/event/schemas");
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final SchemaGenerator GENERATOR = generator();

  static Stream<Class<?>> facts() {
    return Stream.of(
        TenantFact.class,
        ProjectFact.class,
        MembershipFact.class,
        QuotaFact.class,
        ApiKeyFact.class,
        BudgetFact.class,
        GrantFact.class,
        InvoiceFact.class,
        InvoicePartFact.class,
        PartNoteFact.class,
        SpendBudgetFact.class,
        CreditFact.class,
        PriceFact.class,
        InstanceFact.class,
        OrderFact.class,
        RunReport.class,
        GpuFault.class,
        HostHeartbeat.class,
        HostOrderFact.class,
        HostDiscovery.class,
        BurnInReport.class,
        VolumeOrderFact.class,
        VolumeReport.class,
        SiteCapabilities.class,
        ConsoleTail.class,
        ClosingFact.class,
        CatalogueFact.class,
        AuditFact.class);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("facts")
  void theCommittedSchemaIsThatOfTheRecord(Class<?> fact) throws IOException {
    String made = made(fact);
    if (Boolean.getBoolean("gpucloud.docs.write")) {
      Files.createDirectories(FOLDER);
      Files.writeString(file(fact), made);
    }

    assertThat(file(fact)).hasContent(made);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("dev.gpucloud.contracts.event.GoldenEventsTest#samples")
  void theSamplesAreValidAndOneWithoutARequiredFieldIsNot(String sample, Class<?> fact)
      throws IOException {
    JsonSchema schema = compiled(fact);
    ObjectNode golden = GoldenEventsTest.sample(sample);
    String required = schema.getSchemaNode().path("required").get(0).asText();

    assertThat(schema.validate(golden)).isEmpty();
    assertThat(schema.validate(golden.deepCopy().without(List.of(required)))).hasSize(1);
  }

  private static JsonSchema compiled(Class<?> fact) throws IOException {
    JsonNode schema = JSON.readTree(made(fact));
    return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
        .getSchema(schema, SchemaValidatorsConfig.builder().formatAssertionsEnabled(true).build());
  }

  private static Path file(Class<?> fact) {
    return FOLDER.resolve(fact.getSimpleName() + ".schema.json");
  }

  private static String made(Class<?> fact) throws IOException {
    return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(GENERATOR.generateSchema(fact))
        + "\n";
  }

  private static SchemaGenerator generator() {
    var config =
        new SchemaGeneratorConfigBuilder(SchemaVersion.DRAFT_2020_12, OptionPreset.PLAIN_JSON)
            .with(new JacksonModule(JacksonOption.FLATTENED_ENUMS_FROM_JSONVALUE))
            .with(Option.EXTRA_OPEN_API_FORMAT_VALUES)
            .without(Option.FLATTENED_ENUMS_FROM_TOSTRING);
    config
        .forFields()
        .withRequiredCheck(
            field ->
                !field.getType().isInstanceOf(Optional.class)
                    && component(field.getRawMember().getDeclaringClass(), field.getName())
                        .map(c -> !c.getAnnotatedType().isAnnotationPresent(Nullable.class))
                        .orElse(true));
    config
        .forTypesInGeneral()
        .withCustomDefinitionProvider(
            (type, context) ->
                TypedId.class.isAssignableFrom(type.getErasedType())
                    ? new CustomDefinition(
                        id(type.getErasedType(), context.getGeneratorConfig().createObjectNode()),
                        true)
                    : null);
    return new SchemaGenerator(config.build());
  }

  private static ObjectNode id(Class<?> type, ObjectNode schema) {
    String prefix = prefix(type);
    return schema
        .put("type", "string")
        .put("pattern", "^" + prefix + "_[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$");
  }

  private static String prefix(Class<?> type) {
    try {
      Object id = type.getConstructor(UUID.class).newInstance(new UUID(0, 0));
      return id.toString().substring(0, id.toString().indexOf('_'));
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(type + " is not a typed id", e);
    }
  }

  private static Optional<RecordComponent> component(Class<?> type, String name) {
    return Stream.of(type.getRecordComponents()).filter(c -> c.getName().equals(name)).findFirst();
  }
}
