/// The files of a configuration and what surrounds them.
public struct ConfigurationFiles: Sendable {
  /// A file that cannot be read.
  public struct Unreadable: Error, Sendable {
    /// Why: `No such file or directory`.
    public var reason: String

    /// It cannot be read for a reason.
    public init(_ reason: String) { self.reason = reason }
  }

  /// The host that variables are chosen for.
  public var host: String
  /// Variables that win over those of the files.
  public var variables: [String: String]
  /// Whether it is an error if ``variables`` has one that no file knows: who typed it meant
  /// another. What was recorded is read again as it was.
  public var refusesUnknownVariables = false
  /// Reads a file.
  public var read: @Sendable (String) throws(Unreadable) -> [UInt8]

  /// - Parameters:
  ///   - host: Its name, as in the section `hosts`.
  ///   - variables: Those of the command line.
  ///   - read: Reads a file, by default from the file system.
  public init(
    host: String, variables: [String: String] = [:],
    read: @escaping @Sendable (String) throws(Unreadable) -> [UInt8] = ConfigurationFiles.content
  ) {
    self.host = host
    self.variables = variables
    self.read = read
  }

  /// Reads a regular file of the file system.
  public static func content(of path: String) throws(Unreadable) -> [UInt8] {
    try FileContent.read(path, atMost: YAMLReader.mostBytes)
  }

  /// A path that a file names: relative to the folder of that file.
  static func path(_ path: String, besides file: String) -> String {
    guard !path.hasPrefix("/"), let slash = file.lastIndex(of: "/") else { return path }
    return file[...slash] + path
  }
}

/// What became of reading a configuration.
public struct LoadedConfiguration: Sendable {
  /// `nil` if there is an error.
  public var configuration: Configuration?
  /// Errors and warnings, by file and place.
  public var diagnostics: [Diagnostic]
  /// Errors beyond those that are told of.
  public var omittedErrors: Int
  /// The text of each file that could be read, by name.
  public var sources: [String: String]
  /// The names of the files, in the order in which they were read.
  public var files: [String]
  /// All of it as one file, with the values of variables; `nil` if there is an error.
  public var resolved: YAMLNode?
}
