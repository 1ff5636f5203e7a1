"""The project is described in pyproject.toml; here stands the one thing that cannot be said there."""

from setuptools import Distribution, setup


class WithData(Distribution):
    """Installs data files, which Jupyter finds the kernelspec by, in editable installations as well.

    setuptools asks for ``has_data`` when it makes an editable wheel, and has given that method another name.
    """

    has_data = Distribution.has_data_files


setup(distclass=WithData)
