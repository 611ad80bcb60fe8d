"""A contract for import-linter: some files of a feature are imported by that feature alone."""

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output


class OwnFilesContract(Contract):
    """`files` of each of `features` may be imported by that feature, and by `root` (create_app).

    Unlike "protected", a file that does not exist (yet) is no error.
    """

    features = fields.ListField(subfield=fields.StringField())
    files = fields.ListField(subfield=fields.StringField())
    root = fields.StringField()

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        owned = {f"{feature}.{file}": feature for feature in self.features for file in self.files}
        broken = sorted(
            f"{importer} imports {module}"
            for module, feature in owned.items()
            if module in graph.modules
            for importer in graph.find_modules_that_directly_import(module, as_package=True)
            if not f"{importer}.".startswith(f"{feature}.") and importer != self.root
        )
        return ContractCheck(kept=not broken, metadata={"found": broken})

    def render_broken_contract(self, check: ContractCheck) -> None:
        for line in check.metadata["found"]:
            output.print_error(line)
