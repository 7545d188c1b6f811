"""The questions' own words and kinds find their answers in a report; what only sounds like one fills nothing."""

import pytest

from bot.dialogue.intake.side_facts import mentioned_facts
from tests.support.working_interview import WorkingInterview, said

REPORTS = """\
activation fails QB-1110 since yesterday, serial Q4019932, runs on two computers
  serial_number=serial Q4019932
  computers=two computers
our serial number is Q4012558 and the licence runs on 3 PCs
  serial_number=serial number is Q4012558
  computers=3 PCs
serial no. Q4019932, one laptop only
  serial_number=serial no. Q4019932
  computers=one laptop
licence expired. serial: Q4110022. it's installed on four workstations
  serial_number=serial: Q4110022
  computers=four workstations
s/n Q4110023, on five machines
  serial_number=s/n Q4110023
  computers=five machines
importing the CSV from Raiffeisen fails at row 48
  which_file=CSV from Raiffeisen
  rows=row 48
the OFX file from Chase stops in line 7
  which_file=OFX file from Chase
  rows=line 7
bank statement from Deutsche Bank fails every time at row 1022
  which_file=bank statement from Deutsche Bank
  rows=row 1022
  every_time=every time
our mt940 from ING gives an error after row 300
  which_file=mt940 from ING
  rows=row 300
excel file downloaded from PayPal is rejected, record 5
  which_file=excel file downloaded from PayPal
  rows=record 5
the camt file from our bank cannot be read
  which_file=camt file from our bank
the export hangs every time i click save
  every_time=every time
it crashes now and then
  every_time=now and then
it happened only once
  every_time=happened only once
each time we print it closes
  every_time=each time
it always freezes when saving
  every_time=it always
sometimes the window stays white
  every_time=sometimes
Since Tuesday's Windows update nothing prints
  what_changed=Since Tuesday's Windows update nothing prints
  since=Since Tuesday
since yesterday's update the labels are cut
  what_changed=since yesterday's update the labels are cut
  since=since yesterday
after last week's server move we are slow
  what_changed=after last week's server move we are slow
since friday's power cut it won't start
  what_changed=since friday's power cut it won't start
  since=since friday
i import the csv from yesterday
  which_file=
we are two people
  computers=
it must be done in time every month
  every_time=
print it on one line please
  rows=
a line is missing
  rows=
the serial number is not accepted
  serial_number=
from row to row it gets slower
  rows=
"""


@pytest.mark.parametrize("case", REPORTS.replace("\n  ", "|").splitlines())
def test_facts_are_found_and_nothing_is_made_up(case: str) -> None:
    text, *wanted = case.split("|")
    interview = WorkingInterview()
    interview.starts(problem="the program")
    found = mentioned_facts(interview.draft, said(text).details)
    for line in wanted:
        name, value = line.split("=", 1)
        assert found.get(name, "") == value
