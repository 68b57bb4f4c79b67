"""Annotations written as strings, read as the expressions they hold (PEP 484, forward references)."""

import ast


def unquoted(node: ast.expr | None) -> ast.expr | None:
    """The annotation with every string that is a type replaced by its expression."""
    return None if node is None else _Unquote().visit(node)


class _Unquote(ast.NodeTransformer):
    def visit_Constant(self, node: ast.Constant) -> ast.expr:
        if not isinstance(node.value, str):
            return node
        try:
            inner = ast.parse(node.value.strip(), mode="eval").body
        except (SyntaxError, ValueError):
            return node  # no type, or newer syntax than this Python: it stays the string it is
        for part in ast.walk(inner):
            ast.copy_location(part, node)
        return inner

    def visit_Subscript(self, node: ast.Subscript) -> ast.expr:
        name = node.value.attr if isinstance(node.value, ast.Attribute) else getattr(node.value, "id", "")
        if name == "Literal":
            return node
        node.slice = self._type_arguments(name, node.slice)
        return node

    def _type_arguments(self, name: str, index: ast.expr) -> ast.expr:
        if name == "Annotated" and isinstance(index, ast.Tuple) and index.elts:
            index.elts[0] = self.visit(index.elts[0])
            return index
        visited: ast.expr = self.visit(index)
        return visited
