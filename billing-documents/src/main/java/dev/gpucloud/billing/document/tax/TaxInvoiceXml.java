package dev.gpucloud.billing.document.tax;

import dev.gpucloud.billing.document.invoice.Party;
import java.io.IOException;
import java.io.OutputStream;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;
import org.jspecify.annotations.Nullable;

/** A tax document as XML, of the schema tax-invoice.xsd beside this class. */
public final class TaxInvoiceXml {
  /** The namespace of the schema; a breaking change gets another one. */
  public static final String NAMESPACE = "urn:gpucloud:tax-invoice:1";

  private final XMLStreamWriter xml;

  private TaxInvoiceXml(XMLStreamWriter xml) {
    this.xml = xml;
  }

  /** Writes the document in UTF-8; the stream stays open. */
  public static void write(TaxInvoice document, OutputStream out) throws IOException {
    try {
      XMLStreamWriter xml = XMLOutputFactory.newFactory().createXMLStreamWriter(out, "UTF-8");
      xml.writeStartDocument("UTF-8", "1.0");
      new TaxInvoiceXml(xml).document(document);
      xml.writeEndDocument();
      xml.flush();
    } catch (XMLStreamException e) {
      throw new IOException(e);
    }
  }

  private void document(TaxInvoice document) throws XMLStreamException {
    xml.writeStartElement("TaxInvoice");
    xml.writeDefaultNamespace(NAMESPACE);
    element("Key", document.key());
    element("TaxType", document.taxType().name());
    element("Purpose", document.purpose().name());
    element("WriteDate", document.writeDate().toString());
    Amendment amendment = document.amendment();
    if (amendment != null) {
      xml.writeStartElement("Amendment");
      element("ReasonCode", Integer.toString(amendment.reason().code()));
      element("OriginalKey", amendment.originalKey());
      element("OriginalApprovalNumber", amendment.originalApprovalNumber());
      xml.writeEndElement();
    }
    party("Supplier", document.supplier());
    party("Recipient", document.recipient());
    element("SupplyValue", Long.toString(document.supplyValue().amount()));
    element("Vat", Long.toString(document.vat().amount()));
    element("Total", Long.toString(document.total().amount()));
    element("HasDetail", Boolean.toString(document.hasDetail()));
    for (TaxItem item : document.items()) {
      item(item);
    }
    xml.writeEndElement();
  }

  private void party(String name, Party party) throws XMLStreamException {
    xml.writeStartElement(name);
    element("BusinessNumber", party.digits());
    element("Name", party.name());
    element("Representative", party.representative());
    element("Address", party.address());
    element("BusinessType", party.businessType());
    element("BusinessItem", party.businessItem());
    element("Email", party.email());
    xml.writeEndElement();
  }

  private void item(TaxItem item) throws XMLStreamException {
    xml.writeStartElement("Item");
    element("Date", item.date().toString());
    element("Name", item.name());
    element("Spec", item.spec());
    element("Quantity", item.quantity());
    element("UnitPrice", item.unitPrice());
    element("SupplyValue", Long.toString(item.supplyValue().amount()));
    element("Vat", Long.toString(item.vat().amount()));
    element("Remark", item.remark());
    xml.writeEndElement();
  }

  private void element(String name, @Nullable String text) throws XMLStreamException {
    if (text != null && !text.isBlank()) {
      xml.writeStartElement(name);
      xml.writeCharacters(
          text.replaceAll(
              "[^\\x{9}\\x{20}-\\x{D7FF}\\x{E000}-\\x{FFFD}\\x{10000}-\\x{10FFFF}]", " "));
      xml.writeEndElement();
    }
  }
}
