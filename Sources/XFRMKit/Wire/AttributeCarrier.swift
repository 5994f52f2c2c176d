/// An object most of whose properties travel as attributes behind a fixed part.
protocol AttributeCarrier {
  /// The attributes of a request, in the order in which the kernel lists them.
  static var requestOrder: [AttributeType] { get }
  var otherAttributes: [OtherAttribute] { get set }
  /// Of objects that are ever written as they were received.
  var attributeSequence: AttributeSequence { get set }

  /// Takes in an attribute; `false` if it has no property here.
  mutating func read(_ attribute: borrowing NetlinkAttribute) throws(MalformedMessage) -> Bool
  /// Writes an attribute, if there is something to write.
  func append(_ type: AttributeType, form: MessageForm, to message: inout MessageBuilder)
}

/// What an object is written for.
enum MessageForm {
  /// To ask for it. What only the kernel says is left out.
  case request
  /// To repeat the message it was read from, byte for byte.
  case asReceived
}

extension AttributeCarrier {
  var attributeSequence: AttributeSequence {
    get { AttributeSequence() }
    set {}
  }

  /// Takes in all that is left. What has no property is kept as it came.
  ///
  /// - Parameter unwanted: An attribute to pass over.
  mutating func readAttributes(
    from reader: consuming ByteReader, except unwanted: AttributeType? = nil
  ) throws(MalformedMessage) {
    var others: [OtherAttribute] = []
    var attributes = AttributeReader(reader)
    while let attribute = try attributes.next() {
      if attribute.type == unwanted { continue }
      let isKnown = try read(attribute)
      attributeSequence.append(attribute.type, isKnown: isKnown)
      if !isKnown { others.append(OtherAttribute(attribute)) }
    }
    if !others.isEmpty { otherAttributes += others }
  }

  /// Writes the attributes, each once.
  func appendAttributes(to message: inout MessageBuilder, form: MessageForm) {
    var others = otherAttributes[...]
    switch form {
    case .request:
      for type in Self.requestOrder { append(type, form: form, to: &message) }
    case .asReceived:
      attributeSequence.forEach { type in
        if type.rawValue != AttributeSequence.other {
          append(type, form: form, to: &message)
        } else if let other = others.popFirst() {
          message.append(other)
        }
      }
    }
    for other in others { message.append(other) }
  }
}
