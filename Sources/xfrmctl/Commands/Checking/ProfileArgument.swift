import ArgumentParser
import HostReadiness
import XFRMKit

extension Profile {
  /// The profile that `--profile` means: a use, or else a file of the user's own.
  init(argument: String) throws(Failure) {
    if let use = Use(rawValue: argument) {
      self.init(use)
      return
    }
    let bytes: [UInt8]
    do throws(IPFailure) {
      bytes = try InputFile(argument).bytes
    } catch {
      throw Self.noSuchProfile(argument)
    }
    do throws(ProfileError) {
      try self.init(parsing: String(decoding: bytes, as: UTF8.self), name: Self.name(of: argument))
    } catch {
      let place = argument == "-" ? "stdin" : argument
      throw Failure("\(place):\(error.line): \(error)\(error.hint)", .invalidInput)
    }
  }

  /// `/etc/xfrmctl/office.profile` is called `office`.
  private static func name(of path: String) -> String {
    let file = path.split(separator: "/").last ?? "profile"
    let stem = file.prefix { $0 != "." }
    return stem.isEmpty || stem == "-" ? "profile" : String(stem)
  }

  private static func noSuchProfile(_ argument: String) -> Failure {
    let names = Use.allCases.map(\.rawValue)
    let near = names.filter { argument.editDistance(to: $0) <= 2 }
    return Failure(
      "there is no profile “\(argument)”, and no file of that name can be read; "
        + (near.first.map { "did you mean \($0)?" }
          ?? "profiles are \(names.joined(separator: ", "))"),
      .invalidInput)
  }
}

extension ProfileError {
  /// `; did you mean xfrm.esp4.gcm?`
  fileprivate var hint: String {
    let names = CatalogueEntry.all.map(\.id.rawValue)
    let near: [String] =
      switch problem {
      case .noSuchCheck(let name): Recognition.near(name, among: names)
      case .unknownUse(let name):
        Use.allCases.map(\.rawValue).filter { name.editDistance(to: $0) <= 2 }
      default: []
      }
    return near.isEmpty ? "" : "; did you mean \(near.joined(separator: ", "))?"
  }
}

/// What the shell offers behind `--profile`.
let profileCompletion = CompletionKind.custom { _, _, prefix in
  let folder = prefix.lastIndex(of: "/").map { String(prefix[...$0]) } ?? ""
  let files = FileNames.list(folder.isEmpty ? "." : folder).map { folder + $0 }
  return (Use.allCases.map(\.rawValue) + files).filter { $0.hasPrefix(prefix) }
}
