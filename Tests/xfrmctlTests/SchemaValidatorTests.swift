import Testing

/// Without these a validator that takes everything would do.
@Suite("The schema validator")
struct SchemaValidatorTests {
  private static let schema = """
    {
      "type": "object",
      "properties": {
        "count": { "type": "integer", "minimum": 0, "maximum": 18446744073709551615 },
        "word": { "anyOf": [{ "enum": ["in", "out"] }, { "$ref": "#/$defs/raw" }] },
        "hex": { "type": "string", "pattern": "^[0-9a-f]+$" },
        "list": { "type": "array", "items": { "type": "boolean" } },
        "version": { "const": 1 },
        "share": { "type": "number", "minimum": 0 }
      },
      "required": ["count"],
      "additionalProperties": false,
      "oneOf": [{ "required": ["word"] }, { "required": ["hex"] }],
      "$defs": { "raw": { "type": "object", "required": ["raw"] } }
    }
    """

  @Test(
    "takes what is right",
    arguments: [
      #"{"count": 18446744073709551615, "word": "in"}"#,
      #"{"count": 0, "word": {"raw": 7}, "version": 1}"#,
      #"{"count": 0, "hex": "0f", "list": [true, false]}"#,
      #"{"count": 0, "hex": "0f", "list": []}"#,
      #"{"count": 0, "hex": "0f", "share": 0.5}"#, #"{"count": 0, "hex": "0f", "share": 2}"#,
    ])
  func right(_ text: String) throws {
    let value = try JSONValue(parsing: text)
    #expect(try JSONSchema(Self.schema).complaints(about: value) == [])
  }

  @Test(
    "refuses what is wrong",
    arguments: [
      (#"[]"#, "array is no object"),
      (#"{"word": "in"}"#, "lacks"),
      (#"{"count": -1, "word": "in"}"#, "too low"),
      (#"{"count": "1", "word": "in"}"#, "string is no integer"),
      (#"{"count": true, "word": "in"}"#, "boolean is no integer"),
      (#"{"count": 1.5, "word": "in"}"#, "number is no integer"),
      (#"{"count": null, "word": "in"}"#, "null is no integer"),
      (#"{"count": 1, "word": "up"}"#, "fits 0 of anyOf"),
      (#"{"count": 1, "word": {}}"#, "fits 0 of anyOf"),
      (#"{"count": 1, "hex": "0F"}"#, "0F is no"),
      (#"{"count": 1, "hex": ""}"#, "is no"),
      (#"{"count": 1, "hex": "0", "list": [1]}"#, ".list[0]: integer is no boolean"),
      (#"{"count": 1, "hex": "0", "version": 2}"#, "is not"),
      (#"{"count": 1, "hex": "0", "share": -0.5}"#, "too low"),
      (#"{"count": 1, "hex": "0", "share": "1"}"#, "string is no number"),
      (#"{"count": 1, "hex": "0", "other": 2}"#, "unknown property other"),
      (#"{"count": 1, "hex": "0", "word": "in"}"#, "fits 2 of oneOf"),
      (#"{"count": 1}"#, "fits 0 of oneOf"),
    ])
  func wrong(_ text: String, _ complaint: String) throws {
    let complaints = try JSONSchema(Self.schema).complaints(about: JSONValue(parsing: text))
    #expect(complaints.contains { $0.contains(complaint) }, "\(complaints)")
  }

  @Test("does not pass over rules and references that it does not know")
  func unknown() throws {
    for text in [
      #"{"maxItems": 1}"#, ##"{"$ref": "#/$defs/none"}"##, #"{"$ref": "elsewhere.json#/a"}"#,
    ] {
      #expect(throws: JSONSchema.Unusable.self) {
        try JSONSchema(text).complaints(about: .array([]))
      }
    }
  }
}
