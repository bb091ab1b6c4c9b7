package dev.gpucloud.kit.http;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.BeanDescription;
import com.fasterxml.jackson.databind.DeserializationConfig;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.deser.BeanDeserializerModifier;
import com.fasterxml.jackson.databind.deser.std.DelegatingDeserializer;
import com.fasterxml.jackson.databind.exc.InvalidFormatException;
import java.io.IOException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.YearMonth;
import java.time.ZonedDateTime;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Reads dates and times from their written form alone. Of a number nobody sees whether it counts
 * seconds, milliseconds or days; written into a text it is no better, and an empty text is no time.
 * A year has four digits and is not 0000, which the database would refuse; a date has no time.
 */
final class TimesAsText extends BeanDeserializerModifier {
  private static final Set<Class<?>> TIMES =
      Set.of(
          Instant.class,
          OffsetDateTime.class,
          ZonedDateTime.class,
          LocalDateTime.class,
          LocalDate.class,
          YearMonth.class);

  private static final Pattern DATE = Pattern.compile("(?!0000)\\d{4}-\\d{2}-\\d{2}");
  private static final Pattern WRITTEN = Pattern.compile("(?!0000)\\d{4}-.*");

  @Override
  public JsonDeserializer<?> modifyDeserializer(
      DeserializationConfig config, BeanDescription type, JsonDeserializer<?> deserializer) {
    return TIMES.contains(type.getBeanClass())
        ? new Written(deserializer, type.getBeanClass())
        : deserializer;
  }

  private static final class Written extends DelegatingDeserializer {
    private final Class<?> type;

    Written(JsonDeserializer<?> delegate, Class<?> type) {
      super(delegate);
      this.type = type;
    }

    @Override
    protected JsonDeserializer<?> newDelegatingInstance(JsonDeserializer<?> delegate) {
      return new Written(delegate, type);
    }

    @Override
    public Object deserialize(JsonParser parser, DeserializationContext context)
        throws IOException {
      boolean text = parser.currentToken() == JsonToken.VALUE_STRING;
      if (!text || !form().matcher(parser.getText()).matches()) {
        throw InvalidFormatException.from(
            parser, "no written time", text ? parser.getText() : shown(parser), type);
      }
      return super.deserialize(parser, context);
    }

    private Pattern form() {
      return type == LocalDate.class ? DATE : WRITTEN;
    }

    private static Object shown(JsonParser parser) throws IOException {
      return parser.currentToken().isStructStart() ? "a structure" : parser.getText();
    }
  }
}
