/// The JSON Schema of configurations, made of the vocabulary.
public enum ConfigurationSchema {
  /// The schema of the main file, which takes included files, too: draft 2020-12.
  public static var json: String {
    SchemaWriter.json(
      Vocabulary.file, title: "A configuration of xfrmctl",
      description:
        "YAML or JSON. Any value may have variables in it, ${name}, which this schema does not "
        + "know: hold what “xfrmctl config show” prints against it.")
  }

  /// Every section that has a name, with the names of its keys.
  static var sections: [(name: String, keys: [String])] {
    SchemaWriter.sections(of: Vocabulary.file)
  }
}
