internal import CYAML

/// What stands in a YAML file, one after the other, as libyaml reads it.
struct YAMLEvent {
  enum Kind {
    case scalar(String, isPlain: Bool)
    case sequenceStart
    case mappingStart
    case end
    case alias
    case document
  }

  var kind: Kind
  var span: SourceSpan
  var isFlow = false
  var hasAnchor = false
  /// As the file has it: `!secret`; what YAML itself defines is spelt out.
  var tag: String?
}

extension YAMLEvent {
  /// Reads a text and tells of each event, until `take` has had enough.
  ///
  /// - Parameters:
  ///   - file: What the text is called.
  ///   - take: Whether to go on.
  static func read(
    _ bytes: [UInt8], of file: String, _ take: (YAMLEvent) throws(YAMLSyntaxError) -> Bool
  ) throws(YAMLSyntaxError) {
    var parser = unsafe yaml_parser_t()
    guard unsafe yaml_parser_initialize(&parser) == 1 else {
      throw YAMLSyntaxError(message: "no memory is left", span: .start(of: file))
    }
    defer { unsafe yaml_parser_delete(&parser) }
    unsafe yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING)
    let outcome = unsafe bytes.withUnsafeBufferPointer { bytes in
      // Sound: the parser reads within these bytes, and not after this closure.
      unsafe yaml_parser_set_input_string(&parser, bytes.baseAddress, bytes.count)
      return Result { () throws(YAMLSyntaxError) in
        var goesOn = true
        while goesOn {
          guard let event = try unsafe next(&parser, file, bytes) else { return }
          goesOn = try take(event)
        }
      }
    }
    try outcome.get()
  }

  /// The next event that says anything; `nil` at the end.
  @unsafe private static func next(
    _ parser: inout yaml_parser_t, _ file: String, _ bytes: UnsafeBufferPointer<UInt8>
  ) throws(YAMLSyntaxError) -> YAMLEvent? {
    while true {
      var raw = unsafe yaml_event_t()
      guard unsafe yaml_parser_parse(&parser, &raw) == 1 else {
        throw unsafe YAMLSyntaxError(problemOf: parser, in: file, bytes)
      }
      // Sound: what is kept of the event is copied before it goes.
      defer { unsafe yaml_event_delete(&raw) }
      if unsafe raw.type == YAML_STREAM_END_EVENT { return nil }
      if let event = unsafe YAMLEvent(raw, file) { return event }
    }
  }

  @unsafe private init?(_ raw: yaml_event_t, _ file: String) {
    span = unsafe SourceSpan(file, SourcePosition(raw.start_mark), SourcePosition(raw.end_mark))
    switch unsafe raw.type {
    case YAML_DOCUMENT_START_EVENT: kind = .document
    case YAML_ALIAS_EVENT: kind = .alias
    case YAML_SEQUENCE_END_EVENT, YAML_MAPPING_END_EVENT: kind = .end
    case YAML_SCALAR_EVENT:
      let scalar = unsafe raw.data.scalar
      let bytes = unsafe UnsafeBufferPointer(start: scalar.value, count: scalar.length)
      kind = unsafe .scalar(
        String(decoding: bytes, as: UTF8.self),
        isPlain: scalar.style == YAML_PLAIN_SCALAR_STYLE)
      hasAnchor = unsafe scalar.anchor != nil
      tag = unsafe Self.text(scalar.tag)
    case YAML_SEQUENCE_START_EVENT:
      let start = unsafe raw.data.sequence_start
      kind = .sequenceStart
      isFlow = unsafe start.style == YAML_FLOW_SEQUENCE_STYLE
      hasAnchor = unsafe start.anchor != nil
      tag = unsafe Self.text(start.tag)
    case YAML_MAPPING_START_EVENT:
      let start = unsafe raw.data.mapping_start
      kind = .mappingStart
      isFlow = unsafe start.style == YAML_FLOW_MAPPING_STYLE
      hasAnchor = unsafe start.anchor != nil
      tag = unsafe Self.text(start.tag)
    default: return nil
    }
  }

  /// Sound: libyaml ends its texts with a zero.
  @unsafe private static func text(_ start: UnsafeMutablePointer<yaml_char_t>?) -> String? {
    unsafe start.map { unsafe String(cString: $0) }
  }
}

extension YAMLSyntaxError {
  @unsafe fileprivate init(
    problemOf parser: yaml_parser_t, in file: String, _ bytes: UnsafeBufferPointer<UInt8>
  ) {
    let problem = unsafe parser.problem.map { unsafe String(cString: $0) } ?? "it is no YAML"
    // libyaml's texts hold nothing of the file.
    let context = unsafe parser.context.map { unsafe " " + String(cString: $0) } ?? ""
    let isInBytes = unsafe parser.error == YAML_READER_ERROR
    let before = unsafe bytes.prefix(isInBytes ? parser.problem_offset : 0)
    let place =
      unsafe isInBytes
      ? SourcePosition(behind: before) : SourcePosition(parser.problem_mark)
    self.init(message: problem + context, span: SourceSpan(file, place, place))
  }
}

extension SourcePosition {
  /// Where a text ends.
  @unsafe fileprivate init(behind bytes: Slice<UnsafeBufferPointer<UInt8>>) {
    let characters = unsafe String(decoding: bytes, as: UTF8.self).unicodeScalars
    let lastLine = characters.lastIndex(of: "\n").map { characters.index(after: $0) }
    self.init(
      index: characters.count, line: characters.count { $0 == "\n" },
      column: characters.distance(
        from: lastLine ?? characters.startIndex, to: characters.endIndex))
  }

  fileprivate init(_ mark: yaml_mark_t) {
    self.init(index: Int(mark.index), line: Int(mark.line), column: Int(mark.column))
  }
}
