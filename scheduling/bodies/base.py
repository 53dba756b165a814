"""Names, texts and minutes that bodies of the rosters' API share."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

RosterName = Annotated[str, StringConstraints(min_length=1, max_length=128, pattern=r"^[^\x00]*$")]
RosterNote = Annotated[str, StringConstraints(max_length=512, pattern=r"^[^\x00]*$")]
Id = Annotated[str, StringConstraints(min_length=1, max_length=64, pattern=r"^[^\x00]*$")]
ShiftId = Annotated[str, StringConstraints(min_length=1, max_length=128, pattern=r"^[^\x00]*$")]
Minute = Annotated[int, Field(ge=0, le=2880)]
Length = Annotated[int, Field(ge=1, le=2880)]


class RosterSent(BaseModel):
    """A body; a field it does not know is refused."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)
