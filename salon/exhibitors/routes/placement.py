"""Who stands where: allocation and proposed plans."""
