import FoundationEssentials

/// A file that `xfrmctl check --json` wrote.
enum ReportFile {
  static func read(_ path: String) throws(Failure) -> CheckJSON {
    let name = path == "-" ? "stdin" : path
    let bytes: [UInt8]
    do throws(IPFailure) {
      bytes = try InputFile(path).bytes
    } catch {
      throw Failure("\(name): \(error.text)", .invalidInput)
    }
    return try parse(bytes, name: name)
  }

  /// - Parameter name: Where they are from, for complaints.
  static func parse(_ bytes: [UInt8], name: String) throws(Failure) -> CheckJSON {
    do {
      let data = Data(bytes)
      let head = try JSONDecoder().decode(Head.self, from: data)
      guard head.schema == CheckJSON.schemaName else {
        let what = head.schema.map { "schema “\(PastedText($0))”" } ?? "JSON without a schema"
        throw Failure("\(name): \(what) is no report of xfrmctl check --json", .invalidInput)
      }
      guard head.version == CheckJSON.currentVersion else {
        let version = head.version.map { "version \($0)" } ?? "no version"
        throw Failure(
          "\(name): \(version) of the report; this xfrmctl reads version "
            + "\(CheckJSON.currentVersion)", .invalidInput)
      }
      return try JSONDecoder().decode(CheckJSON.self, from: data)
    } catch let failure as Failure {
      throw failure
    } catch {
      throw Failure("\(name): \(words(error))", .invalidInput)
    }
  }

  /// What tells reports from other JSON.
  private struct Head: Decodable {
    var schema: String?
    var version: Int?
  }

  /// Where in the file what is wrong.
  private static func words(_ error: any Error) -> String {
    switch error {
    case DecodingError.keyNotFound(let key, let context):
      "\(place(context)) lacks “\(key.stringValue)”"
    case DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context):
      "\(place(context)) has a value of another type"
    case DecodingError.dataCorrupted(let context) where context.codingPath.isEmpty:
      "this is no JSON"
    case DecodingError.dataCorrupted(let context):
      "\(place(context)) has a value that is none of those known"
    default: "it cannot be read"
    }
  }

  /// `checks[3].outcome`
  private static func place(_ context: DecodingError.Context) -> String {
    var place = ""
    for key in context.codingPath {
      if let index = key.intValue {
        place += "[\(index)]"
      } else {
        place += (place.isEmpty ? "" : ".") + key.stringValue
      }
    }
    return place.isEmpty ? "the report" : place
  }
}
